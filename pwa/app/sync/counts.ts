import { askAll } from '@/storage/atomic'
import { listCardless } from '@/storage/cards'
import type { Database, OutboxEntry, PhotoMeta } from '@/storage/db'
import { isShownConflict, keyOfMatter, mayMap } from './conflicts'
import { needsSight } from './operation'
import { listChosen } from './versions-in-dispute'

/** The three numbers that are always in sight (§5). */
export interface WorkCounts {
  toSend: number
  photos: number
  attention: number
  /** Refused work of which the office holds a proposal, still kept here. */
  quarantined: number
}

/** Photo errors that only a person can mend. */
export const HARD_PHOTO_ERRORS = ['photo.bytes_gone', 'photo.bytes_damaged', 'photo.not_a_picture', 'photo.too_large', 'photo.too_many_bytes']
/** Of these nothing can be handed on any more. */
const LOST_BYTES = ['photo.bytes_gone', 'photo.bytes_damaged']
const SIGHT = ['conflict', 'rejected_locked', 'forbidden', 'invalid']

/** Counts by index: of thousands that wait, only what a person has to look at is read. */
export async function countWork(db: Database): Promise<WorkCounts> {
  const matters = new Set<string>()
  const [entries, photos, conflicts] = await askAll(() => listToSee(db), () => listBroken(db, HARD_PHOTO_ERRORS), () => listConflicts(db))
  for (const key of conflicts) matters.add(key)
  for (const entry of entries) matters.add(keyOfMatter(entry))
  for (const photo of photos) matters.add(photo.sha256)
  const tx = db.transaction(['outbox', 'photos_meta', 'custody'])
  const status = tx.objectStore('outbox').index('status')
  const [all, answered, waiting, locked, forbidden, refused] = await askAll(
    () => tx.objectStore('outbox').count(),
    () => status.count(),
    () => tx.objectStore('photos_meta').index('state').count('waiting'),
    () => status.count('rejected_locked'),
    () => status.count('forbidden'),
    () => tx.objectStore('custody').index('refused').getAllKeys(),
  )
  for (const space of refused) matters.add(`receipt|${space}`)
  return { toSend: all - answered, photos: waiting, attention: matters.size, quarantined: locked + forbidden }
}

/** Operations whose outcome a person has yet to see, in their order. */
export async function listToSee(db: Database): Promise<OutboxEntry[]> {
  const tx = db.transaction('outbox')
  const found = await askAll(...SIGHT.map((one) => () => tx.store.index('status').getAll(one)), () => tx.store.index('changed').getAll())
  const entries = new Map(found.flat().map((entry) => [entry.seq, entry]))
  return [...entries.values()].filter(needsSight).sort((a, b) => a.seq - b.seq)
}

/** Waiting photos with one of these errors. */
export async function listBroken(db: Database, errors: string[]): Promise<PhotoMeta[]> {
  const tx = db.transaction('photos_meta')
  const found = await askAll(...errors.map((error) => () => tx.store.index('error').getAll(error)))
  return found.flat().filter((photo) => photo.state === 'waiting')
}

/** After an update no inspection has a card: to read them all for a count would keep the list away. The newest are looked at. */
const MANY = 50

/** Whether so many cards are missing that a conflict may be left out: then they have to be made (`arrangeCards`). */
export async function lacksManyCards(db: Database): Promise<boolean> {
  const tx = db.transaction(['cards', 'cursors'])
  return (await listCardless(tx)).length > MANY
}

/** `space|row` of each open conflict that is this person's to settle; some are missing while many cards are. */
export async function listConflicts(db: Database): Promise<string[]> {
  const tx = db.transaction(['cards', 'cursors', 'rows', 'outbox'])
  const found: string[] = []
  const index = tx.objectStore('cards').index('conflicts')
  for (let at = await index.openKeyCursor(); at; at = await at.continue()) found.push(`${at.primaryKey}|${at.key}`)
  const cardless = await listCardless(tx)
  for (const space of cardless.slice(-MANY)) {
    const [rows, entries] = await askAll(
      () => tx.objectStore('rows').index('space').getAll(space),
      () => tx.objectStore('outbox').index('space').getAll(space),
    )
    const [may, chosen] = [mayMap(rows), listChosen(entries)]
    for (const row of rows) if (isShownConflict(row, may, chosen)) found.push(`${space}|${row.id}`)
  }
  await tx.done
  return found
}

/** What only this phone holds and could still hand on; a photo whose bytes are gone can not be. */
export async function countUnsent(db: Database): Promise<{ ops: number; photos: number }> {
  const tx = db.transaction(['outbox', 'photos_meta'])
  const [outbox, photos] = [tx.objectStore('outbox'), tx.objectStore('photos_meta')]
  // Opened as they are, stores may be of an older app.
  if (!outbox.indexNames.contains('status')) {
    const [entries, waiting] = await askAll(() => outbox.getAll(), () => photos.index('state').getAll('waiting'))
    return {
      ops: entries.filter((entry) => entry.result === null).length,
      photos: waiting.filter((photo) => !LOST_BYTES.includes(photo.error ?? '')).length,
    }
  }
  const [all, answered, waiting] = await askAll(() => outbox.count(), () => outbox.index('status').count(), () => photos.index('state').count('waiting'))
  return { ops: all - answered, photos: waiting - (await listBroken(db, LOST_BYTES)).length }
}
