import type { Checklist } from '@/domain/checklists'
import { buildInspectionView, type InspectionView } from '@/sync/inspection-view'
import type { Database } from './db'

/** Reads one inspection from the store; `null` while it is not (wholly) here. */
export async function readInspection(db: Database, space: string, today: string): Promise<InspectionView | null> {
  const tx = db.transaction(['rows', 'outbox', 'photos_meta', 'lib', 'cursors'])
  const cursor = await tx.objectStore('cursors').get(space)
  const rows = await tx.objectStore('rows').index('space').getAll(space)
  const outbox = await tx.objectStore('outbox').index('space').getAll(space)
  const photos = await tx.objectStore('photos_meta').index('space').getAll(space)
  const lists = await tx.objectStore('lib').getAll()
  await tx.done
  if (!cursor?.ready) return null
  return buildInspectionView({ space, rows, outbox, photos, lists: listMap(lists), today })
}

/** All inspections on this phone, and whether some are still being loaded. */
export async function readInspections(
  db: Database,
  today: string,
): Promise<{ inspections: InspectionView[]; isLoading: boolean }> {
  const cursors = await db.getAll('cursors')
  const spaces = cursors.filter((cursor) => cursor.space.startsWith('insp:'))
  const views = await Promise.all(spaces.map(({ space }) => readInspection(db, space, today)))
  const inspections = views.filter((view): view is InspectionView => view !== null)
  return { inspections, isLoading: cursors.some((cursor) => !cursor.ready) }
}

function listMap(lists: { key: string; list: Checklist }[]): Map<string, Checklist> {
  return new Map(lists.map(({ key, list }) => [key, list]))
}
