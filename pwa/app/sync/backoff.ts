export const FIRST_WAIT_MS = 1_000
export const LONGEST_WAIT_MS = 300_000

/**
 * Full-jitter back-off (§9): a random wait between 0 and the doubled limit, so that a hundred phones leaving one
 * dead zone do not knock together. `attempt` counts failures from 1; a wait the server named is a floor.
 */
export function nextWait(attempt: number, random: number, serverAskedMs: number | null): number {
  const limit = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 20))
  return Math.max(Math.round(random * limit), FIRST_WAIT_MS, serverAskedMs ?? 0)
}
