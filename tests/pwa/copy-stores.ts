import { openPersonDb, type Database } from '@/storage/db'

let nextPerson = 70_000

/** The stores as they are now under another name, as a backup of the phone would hold them. */
export async function copyStores(db: Database): Promise<Database> {
  nextPerson += 1
  const copy = await openPersonDb(nextPerson)
  for (const name of db.objectStoreNames) {
    const isKeyless = db.transaction(name).store.keyPath === null
    const [values, keys] = [await db.getAll(name), await db.getAllKeys(name)]
    for (const [n, value] of values.entries()) await copy.put(name, value as never, isKeyless ? (keys[n] as never) : undefined)
  }
  return copy
}
