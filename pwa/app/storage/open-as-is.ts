import { openDB, type IDBPDatabase } from 'idb'
import type { Database } from './db'

/** Opens a database in whatever version it is; null when there is none (and none is left behind). */
export async function openAsIs(name: string): Promise<Database | null> {
  let isThere = true
  try {
    const db: IDBPDatabase = await openDB(name, undefined, {
      upgrade(_db, _old, _new, tx) {
        isThere = false
        tx.done.catch(() => undefined)
        tx.abort()
      },
      blocking: () => db.close(),
    })
    return db as unknown as Database
  } catch (error) {
    if (!isThere) return null
    throw error
  }
}
