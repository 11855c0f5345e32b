import { summariseCustody, type CustodySummary } from '@/sync/custody'
import type { CustodyRow, Database } from './db'

export interface CustodyView {
  /** The newest good receipt; null where only a refused one has come. */
  kept: { summary: CustodySummary; file: NonNullable<CustodyRow['file']>; isChecked: boolean } | null
  refused: CustodyRow['refused'] | null
}

/** What the newest receipt of an inspection says, against what this phone knows of it; null without a receipt. */
export async function readCustody(db: Database, space: string): Promise<CustodyView | null> {
  const tx = db.transaction(['custody', 'outbox', 'photos_meta'])
  const row = await tx.objectStore('custody').get(space)
  const entries = await tx.objectStore('outbox').index('space').getAll(space)
  const photos = await tx.objectStore('photos_meta').index('space').getAll(space)
  await tx.done
  const summary = summariseCustody(row, entries, photos)
  const kept = summary && row?.file ? { summary, file: row.file, isChecked: row.is_checked === true } : null
  return kept || row?.refused ? { kept, refused: row?.refused ?? null } : null
}
