import { openDB } from 'idb'
import type { Database, OutboxEntry } from '@/storage/db'
import { getCounter } from '@/storage/state'

let nextPerson = 90_000
const LATER_STORES = ['drafts', 'custody', 'cards']
const LATER_INDEXES = ['status', 'changed', 'error', 'taken', 'rest', 'refused']

/**
 * The stores as an app of the first version would have left them: without drafts, custody receipts, cards and
 * the indexes that came with them, the queue's entries without payload hash and chain. Answers the person's number.
 */
export async function leaveAsFirstVersion(source: Database): Promise<number> {
  nextPerson += 1
  const stores = [...source.objectStoreNames].filter((name) => !LATER_STORES.includes(name))
  const old = await openDB(`suicha-${nextPerson}`, 1, {
    upgrade(db) {
      for (const store of stores) {
        const like = source.transaction(store).store
        const made = db.createObjectStore(store, { keyPath: like.keyPath as string | string[] | null, autoIncrement: like.autoIncrement })
        for (const name of [...like.indexNames].filter((one) => !LATER_INDEXES.includes(one))) {
          const { keyPath, unique } = like.index(name)
          made.createIndex(name, keyPath as string | string[], { unique })
        }
      }
    },
  })
  for (const store of stores) {
    const [values, keys] = [await source.getAll(store), await source.getAllKeys(store)]
    const isKeyless = old.transaction(store).store.keyPath === null
    for (const [n, value] of values.entries()) {
      await old.put(store, store === 'outbox' ? asOldApp(value as OutboxEntry) : value, isKeyless ? (keys[n] as never) : undefined)
    }
  }
  const { device, seq } = await getCounter(source)
  await old.put('meta', { device, seq }, 'counter')
  old.close()
  return nextPerson
}

function asOldApp(entry: OutboxEntry): OutboxEntry {
  const { sha256: _, ...kept } = entry
  const { prev: __, ...body } = entry.body
  return { ...kept, body }
}
