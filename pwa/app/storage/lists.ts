import type { Checklist } from '@/domain/checklists'
import type { Database } from './db'

/** Versions of a checklist never change: what was read once is read no more. */
const read = new WeakMap<Database, Map<string, Checklist>>()

interface Transaction {
  objectStore(name: 'lib'): { get(key: string): Promise<{ list: Checklist } | undefined> }
}

/** These checklists, as far as this phone has them. */
export async function readLists(db: Database, tx: Transaction, keys: string[]): Promise<Map<string, Checklist>> {
  const known = read.get(db) ?? new Map<string, Checklist>()
  read.set(db, known)
  const found = new Map<string, Checklist>()
  for (const key of keys) {
    const list = known.get(key) ?? (await tx.objectStore('lib').get(key))?.list
    if (!list) continue
    known.set(key, list)
    found.set(key, list)
  }
  return found
}
