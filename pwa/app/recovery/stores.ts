import { openDB, type IDBPDatabase } from 'idb'
import type { Database } from '@/storage/db'
import { listAccounts } from '@/storage/device'
import { PERSON_DB } from '@/storage/version'
import { countUnsent } from '@/sync/counts'

/** What this phone keeps of one person. */
export interface Kept {
  personId: number
  account: string
  db: Database | null
  ops: number
  photos: number
  /** Why the stores could not be read. */
  why: string
}

/** Every person's stores on this phone, opened as they are: no upgrade, nothing made, nothing changed. */
export async function listKept(): Promise<Kept[]> {
  const accounts = await listAccounts().catch(() => [])
  const ids = new Set(accounts.flatMap((one) => (one.person_id === null ? [] : [one.person_id])))
  for (const { name } of (await indexedDB.databases?.().catch(() => [])) ?? []) {
    const found = PERSON_DB.exec(name ?? '')
    if (found) ids.add(Number(found[1]))
  }
  const kept: Kept[] = []
  for (const personId of [...ids].sort((a, b) => a - b)) {
    const account = accounts.find((one) => one.person_id === personId)?.account ?? ''
    kept.push(await readKept(personId, account))
  }
  return kept.filter((one) => one.db !== null || one.why !== '')
}

async function readKept(personId: number, account: string): Promise<Kept> {
  const nothing = { personId, account, db: null, ops: 0, photos: 0, why: '' }
  try {
    const db = await openAsIs(`suicha-${personId}`)
    return db ? { ...nothing, db, ...(await countUnsent(db)) } : nothing
  } catch (error) {
    return { ...nothing, why: `${(error as Error).name}: ${(error as Error).message}` }
  }
}

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
