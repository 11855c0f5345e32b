import type { Database } from '@/storage/db'
import { isShownConflict, mayMap } from './conflicts'
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

export async function countWork(db: Database): Promise<WorkCounts> {
  const tx = db.transaction(['outbox', 'photos_meta', 'rows', 'custody'])
  const entries = await tx.objectStore('outbox').getAll()
  const waiting = await tx.objectStore('photos_meta').index('state').getAll('waiting')
  const rows = await tx.objectStore('rows').getAll()
  const custody = await tx.objectStore('custody').getAll()
  await tx.done
  const matters = new Set<string>()
  for (const row of custody) if (row.refused) matters.add(`receipt|${row.space}`)
  // A conflict is one matter however often it is met: as a refused operation here, as a sibling in the row.
  const may = mayMap(rows)
  const chosen = listChosen(entries)
  for (const row of rows) if (isShownConflict(row, may, chosen)) matters.add(`${row.space}|${row.id}`)
  for (const entry of entries) {
    if (!needsSight(entry)) continue
    matters.add(entry.result?.status === 'conflict' ? `${entry.space}|${entry.entity}` : entry.op)
  }
  for (const photo of waiting) if (HARD_PHOTO_ERRORS.includes(photo.error ?? '')) matters.add(photo.sha256)
  return {
    toSend: entries.filter((entry) => entry.result === null).length,
    photos: waiting.length,
    attention: matters.size,
    quarantined: entries.filter((entry) => ['rejected_locked', 'forbidden'].includes(entry.result?.status ?? '')).length,
  }
}

/** What only this phone holds and could still hand on; a photo whose bytes are gone can not be. */
export async function countUnsent(db: Database): Promise<{ ops: number; photos: number }> {
  const tx = db.transaction(['outbox', 'photos_meta'])
  const entries = await tx.objectStore('outbox').getAll()
  const waiting = await tx.objectStore('photos_meta').index('state').getAll('waiting')
  await tx.done
  return {
    ops: entries.filter((entry) => entry.result === null).length,
    photos: waiting.filter((photo) => !['photo.bytes_gone', 'photo.bytes_damaged'].includes(photo.error ?? '')).length,
  }
}
