/** Below this much free space new photos are refused, with the reason: a full disk loses the form as well. */
export const FREE_FLOOR_BYTES = 60 * 1024 * 1024

/** Free bytes as the browser estimates them; null when it does not say. */
export async function findFreeBytes(): Promise<number | null> {
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null)
  return estimate?.quota ? Math.max(0, estimate.quota - (estimate.usage ?? 0)) : null
}

export async function hasRoomFor(bytes: number): Promise<boolean> {
  const free = await findFreeBytes()
  return free === null || free - bytes > FREE_FLOOR_BYTES
}
