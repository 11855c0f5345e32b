import { summariseCustody, type CustodySummary } from '@/sync/custody'
import type { CustodyFile } from '@/domain/records'
import type { Database } from './db'

/** What the newest receipt of an inspection says, against what this phone knows of it; null without a receipt. */
export async function readCustody(db: Database, space: string): Promise<{ summary: CustodySummary; file: CustodyFile } | null> {
  const tx = db.transaction(['custody', 'outbox', 'photos_meta'])
  const row = await tx.objectStore('custody').get(space)
  const entries = await tx.objectStore('outbox').index('space').getAll(space)
  const photos = await tx.objectStore('photos_meta').index('space').getAll(space)
  await tx.done
  const summary = summariseCustody(row, entries, photos)
  return summary && row?.file ? { summary, file: row.file } : null
}
