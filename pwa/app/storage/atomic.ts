/**
 * Runs the work of a transaction so that all of it is stored or none: an exception in our own code (an unstorable
 * value, a bug) does not abort an IndexedDB transaction by itself, and half of the writes would be committed.
 */
export async function atomically<T>(tx: { abort(): void; done: Promise<void> }, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    await tx.done
    return result
  } catch (error) {
    try {
      tx.abort()
    } catch {
      // Already aborted by the failure itself (quota, lost connection).
    }
    await tx.done.catch(() => undefined)
    throw error
  }
}
