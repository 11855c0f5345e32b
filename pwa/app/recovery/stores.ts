import type { Database } from '@/storage/db'
import { listAccounts } from '@/storage/device'
import { openAsIs } from '@/storage/open-as-is'
import { PERSON_DB } from '@/storage/version'
import { countUnsent } from '@/sync/counts'

/** What this phone keeps of one person. */
export interface Kept {
  personId: number
  account: string
  name: string
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
    const known = accounts.find((one) => one.person_id === personId)
    kept.push(await readKept(personId, known?.account ?? '', known?.name ?? ''))
  }
  return kept.filter((one) => one.db !== null || one.why !== '')
}

async function readKept(personId: number, account: string, name: string): Promise<Kept> {
  const nothing = { personId, account, name, db: null, ops: 0, photos: 0, why: '' }
  try {
    const db = await openAsIs(`suicha-${personId}`)
    return db ? { ...nothing, db, ...(await countUnsent(db)) } : nothing
  } catch (error) {
    return { ...nothing, why: `${(error as Error).name}: ${(error as Error).message}` }
  }
}
