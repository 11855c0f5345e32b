import type { Database } from '@/storage/db'
import { getServerState } from '@/storage/state'
import { countWork, lacksManyCards } from '@/sync/counts'
import { app } from './state'

export interface Counting {
  /** Counts anew; a wish that comes while it counts is honoured by another count. */
  count(): Promise<void>
  /** The same, and lets the screens read again. */
  again(): Promise<void>
  /** An own write is on disk: the bar has it at once, before any screen says that it is kept. */
  add(ops: number, photos: number): void
}

/** What the bar shows, of the store that is open; `arrange` is asked for where too much is missing to count it all. */
export function countIn(opened: () => Database | null, arrange: () => void = () => undefined): Counting {
  let counting: Promise<void> | null = null
  let isAskedAgain = false
  /** Own writes so far: what was counted before one of them is not the count any more. */
  let writes = 0

  async function countUntilQuiet(): Promise<void> {
    for (let database = opened(); isAskedAgain && database; database = opened()) {
      isAskedAgain = false
      try {
        app.server = await getServerState(database)
        const seen = writes
        const counts = await countWork(database)
        isAskedAgain ||= database !== opened() // another store is open by now
        if (database === opened() && seen === writes) Object.assign(app, { counts, isCounted: true })
        if (await lacksManyCards(database)) arrange()
      } catch {
        // The database was closed meanwhile (sign-out); the next one counts anew.
      }
    }
  }

  function count(): Promise<void> {
    isAskedAgain = true
    counting ??= countUntilQuiet().finally(() => (counting = null))
    return counting
  }

  return {
    count,
    again() {
      app.changes += 1
      return count()
    },
    add(ops, photos) {
      writes += 1
      app.counts.toSend += ops
      app.counts.photos += photos
    },
  }
}
