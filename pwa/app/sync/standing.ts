import type { Standing } from '@/domain/news'
import { askAll } from '@/storage/atomic'
import type { Database } from '@/storage/db'
import { makeCards, readCards } from '@/storage/read-cards'
import { keyOfMatter } from './conflicts'
import { countUnsent, HARD_PHOTO_ERRORS, listBroken, listConflicts, listToSee } from './counts'
import { isOpCovered, isPhotoCovered } from './custody'

/** All but `sent`, by names that stay the same as long as the thing does. Makes the cards that are missing. */
export async function readStanding(db: Database, today: string): Promise<Omit<Standing, 'sent'>> {
  const { stale } = await readCards(db, today)
  await makeCards(db, stale, today, () => true)
  const { open } = await readCards(db, today)
  const [entries, photos, rows, receipts] = await askAll(
    () => listToSee(db),
    () => listBroken(db, HARD_PHOTO_ERRORS),
    () => listConflicts(db),
    () => db.getAllKeysFromIndex('custody', 'refused'),
  )
  // An entry that met a change was not made: that is a refusal, and nothing to choose from.
  const differing = entries.filter((entry) => entry.result?.status === 'conflict' && entry.body.kind !== 'sheet.enter')
  const refused = entries.filter((entry) => !differing.includes(entry))
  return {
    returned: open.filter((card) => card.shown?.state === 'returned').map((card) => card.space),
    assigned: open.map((card) => card.space),
    conflict: [...new Set([...rows, ...differing.map(keyOfMatter)])],
    refused: [...refused.map(keyOfMatter), ...photos.map((photo) => photo.sha256), ...receipts],
  }
}

/** Nothing waits, and all that this phone still keeps is named by receipts whose signature it has checked. */
export async function isAllOnReceipt(db: Database): Promise<boolean> {
  // Asked after each round: of thousands that wait none is read.
  const unsent = await countUnsent(db)
  if (unsent.ops + unsent.photos > 0) return false
  const tx = db.transaction(['outbox', 'photos_meta', 'custody', 'meta'])
  const [entries, photos, receipts, server] = await askAll(
    () => tx.objectStore('outbox').getAll(),
    () => tx.objectStore('photos_meta').getAll(),
    () => tx.objectStore('custody').getAll(),
    () => tx.objectStore('meta').get('server') as Promise<{ epoch?: string | null } | undefined>,
  )
  const epoch = server?.epoch ?? null
  const of = new Map(receipts.map((row) => [row.space, row]))
  return (
    entries.every((entry) => entry.result && entry.result.status !== 'held' && isOpCovered(of.get(entry.space), entry, epoch)) &&
    photos.every((photo) => photo.state === 'lost' || (photo.state === 'done' && isPhotoCovered(of.get(photo.space), photo.sha256, epoch)))
  )
}
