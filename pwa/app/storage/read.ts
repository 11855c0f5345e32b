import { listNamed } from '@/sync/card'
import { buildInspectionView, type InspectionView } from '@/sync/inspection-view'
import { askAll } from './atomic'
import type { Database } from './db'
import { readLists } from './lists'

/** Reads one inspection from the store; `null` while it is not (wholly) here. */
export async function readInspection(db: Database, space: string, today: string): Promise<InspectionView | null> {
  const tx = db.transaction(['rows', 'outbox', 'photos_meta', 'lib', 'cursors'])
  const [cursor, rows, outbox, photos] = await askAll(
    () => tx.objectStore('cursors').get(space),
    () => tx.objectStore('rows').index('space').getAll(space),
    () => tx.objectStore('outbox').index('space').getAll(space),
    () => tx.objectStore('photos_meta').index('space').getAll(space),
  )
  const lists = await readLists(db, tx, listNamed(rows))
  await tx.done
  if (!cursor?.ready) return null
  return buildInspectionView({ space, rows, outbox, photos, lists, today })
}
