/** What must hold before an officer leaves the network for a day, told in ten seconds: green or the one thing to do. */
export const CHECKS = ['sign_in', 'lists', 'contact', 'version', 'room', 'clock', 'camera', 'kept'] as const
export type Check = (typeof CHECKS)[number]

export interface Facts {
  now: number
  /** When the sign-in ends; null for a phone that signed in before the server told. */
  sessionUntil: number | null
  needsSignIn: boolean
  /** Every assigned inspection and all of its lists are here. */
  hasAllLists: boolean
  lastContact: number | null
  isUpdateWaiting: boolean
  needsUpgrade: boolean
  freeBytes: number | null
  /** Whether the browser has promised to keep the stores; null where it cannot be asked. */
  isPersisted: boolean | null
  /** Asked for by a tap, in vain: the rest is said, and nothing more can be done here. */
  isKeepingRefused: boolean
  clockOffMs: number
  camera: 'granted' | 'prompt' | 'denied' | 'none' | 'unknown'
}

/** A day's photographs: sixty of five megabytes. */
export const ROOM_FOR_A_DAY_BYTES = 300 * 1024 * 1024
/** From the evening before to the evening after. */
const CONTACT_MS = 24 * 3_600_000
/** A clock further off than this is said, and marked on the record (PROTOCOL §6). */
export const CLOCK_TOLERANCE_MS = 120_000
const DAY_MS = 24 * 3_600_000
const SITE_OFFSET_MS = 8 * 3_600_000

/** The end of tomorrow at the site: whoever leaves in the evening is back by then. */
export function endOfTomorrow(now: number): number {
  return (Math.floor((now + SITE_OFFSET_MS) / DAY_MS) + 2) * DAY_MS - SITE_OFFSET_MS
}

const HOLDS: Record<Check, (facts: Facts) => boolean> = {
  sign_in: (f) => !f.needsSignIn && (f.sessionUntil === null || f.sessionUntil >= endOfTomorrow(f.now)),
  lists: (f) => f.hasAllLists,
  // A clock that was set back puts the last contact into the future: that is no contact one can count on.
  contact: (f) => f.lastContact !== null && Math.abs(f.now - f.lastContact) <= CONTACT_MS,
  version: (f) => !f.isUpdateWaiting && !f.needsUpgrade,
  room: (f) => f.freeBytes === null || f.freeBytes >= ROOM_FOR_A_DAY_BYTES,
  kept: (f) => f.isPersisted !== false || f.isKeepingRefused,
  clock: (f) => Math.abs(f.clockOffMs) <= CLOCK_TOLERANCE_MS,
  camera: (f) => f.camera === 'granted' || f.camera === 'unknown',
}

/** What does not hold, the most pressing first; empty: ready to leave. */
export function listUnready(facts: Facts): Check[] {
  return CHECKS.filter((check) => !HOLDS[check](facts))
}

/** Holds for all anybody can tell, or nothing more can be done about it: said as it is, and no reason to stay. */
export function isOpenQuestion(check: Check, facts: Facts): boolean {
  if (check === 'room') return facts.freeBytes === null
  if (check === 'kept') return facts.isPersisted !== true && HOLDS.kept(facts)
  return check === 'camera' && facts.camera === 'unknown'
}
