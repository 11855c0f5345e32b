import type { Database } from '@/storage/db'
import { needsAttention } from './operation'

/** The three numbers that are always in sight (§5). */
export interface WorkCounts {
  toSend: number
  photos: number
  attention: number
}

/** Photo errors that only a person can mend. */
export const HARD_PHOTO_ERRORS = ['photo.bytes_gone', 'photo.not_a_picture', 'photo.too_large', 'photo.too_many_bytes']

export async function countWork(db: Database): Promise<WorkCounts> {
  const tx = db.transaction(['outbox', 'photos_meta', 'rows'])
  const entries = await tx.objectStore('outbox').getAll()
  const waiting = await tx.objectStore('photos_meta').index('state').getAll('waiting')
  const rows = await tx.objectStore('rows').getAll()
  await tx.done
  const matters = new Set<string>()
  // A conflict is one matter however often it is met: as a refused operation here, as a sibling in the row.
  for (const row of rows) if (row.siblings.length > 0 && !row.gone) matters.add(`${row.space}|${row.id}`)
  for (const entry of entries) {
    if (entry.dismissed || !needsAttention(entry.result?.status ?? null)) continue
    matters.add(entry.result?.status === 'conflict' ? `${entry.space}|${entry.entity}` : entry.op)
  }
  for (const photo of waiting) if (HARD_PHOTO_ERRORS.includes(photo.error ?? '')) matters.add(photo.sha256)
  return {
    toSend: entries.filter((entry) => entry.result === null).length,
    photos: waiting.length,
    attention: matters.size,
  }
}
