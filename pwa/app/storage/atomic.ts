/** Why a write failed, as far as a person can do something about it. */
export type StoreFault = 'full' | 'lost' | 'other'

interface Transaction {
  abort(): void
  done: Promise<void>
  error: DOMException | null
}

/**
 * Runs the work of a transaction so that all of it is stored or none: an exception in our own code (an unstorable
 * value, a bug) does not abort an IndexedDB transaction by itself, and half of the writes would be committed.
 * A full disk aborts the transaction without an error event on any request: its reason is what is thrown then.
 */
export async function atomically<T>(tx: Transaction, work: () => Promise<T>): Promise<T> {
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
    const reason: unknown = await tx.done.then(
      () => null,
      (why: unknown) => why ?? tx.error,
    )
    // A request in an aborted transaction says only "aborted".
    const isEcho = nameOf(error) === 'AbortError' && reason !== null && nameOf(reason) !== 'AbortError'
    throw isEcho ? reason : error
  }
}

export function findStoreFault(error: unknown): StoreFault {
  if (nameOf(error) === 'QuotaExceededError') return 'full'
  return isConnectionLost(error) ? 'lost' : 'other'
}

/** WebKit drops its database process, Chrome closes a connection under a version change: both say so on first use. */
export function isConnectionLost(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String((error as { message?: unknown } | null)?.message ?? '')
  if (/Indexed ?D(?:ata)?B(?:ase)? server lost|connection (?:is|was) (?:closing|closed|lost)|database connection/i.test(text)) return true
  return nameOf(error) === 'InvalidStateError'
}

function nameOf(error: unknown): string {
  return String((error as { name?: unknown } | null)?.name ?? '')
}

/**
 * Requests asked at once and answered in their order. A connection that breaks between two of them fails the whole,
 * and no answer is left that nobody waits for.
 */
export function askAll<T extends readonly (() => Promise<unknown>)[]>(...asks: T): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  return Promise.all(asks.map(async (ask) => ask())) as never
}
