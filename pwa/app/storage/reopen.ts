import { isConnectionLost } from './atomic'
import type { Database } from './db'

/** The open database of one person, and how to open it again. */
export interface Connection {
  current(): Database
  reopen(): Promise<Database>
}

/**
 * Runs `work`; when the connection turns out to be lost (WebKit's database process died, the browser closed it) the
 * database is opened again and the work done once more. `work` must be repeatable: whether the first attempt was
 * stored before the connection broke nobody can say, so it looks first (`recordOps` looks for its operation ids).
 */
export async function withReopen<T>(connection: Connection, work: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await work(connection.current())
  } catch (error) {
    if (!isConnectionLost(error)) throw error
    return work(await connection.reopen())
  }
}
