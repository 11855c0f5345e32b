/** Writes under way. A field that is still being typed in registers a flush, so that leaving saves it first. */
const open = new Set<Promise<unknown>>()
const flushes = new Set<() => Promise<unknown> | null>()

export function trackWrite<T>(write: Promise<T>): Promise<T> {
  open.add(write)
  const forget = () => open.delete(write)
  write.then(forget, forget)
  return write
}

export function onFlush(flush: () => Promise<unknown> | null): () => void {
  flushes.add(flush)
  return () => flushes.delete(flush)
}

/** Resolves when everything typed and tapped so far is on disk, or has said that it is not. */
export async function settleWrites(): Promise<void> {
  for (const flush of flushes) flush()
  await Promise.allSettled([...open])
}
