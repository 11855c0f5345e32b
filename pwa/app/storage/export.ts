import type { Database } from './db'
import { getCounter } from './state'

/** The unsent work as one JSON document: operations as they go over the wire, photos by hash and size. */
export async function exportUnsent(db: Database, person: string): Promise<{ text: string; count: number }> {
  const entries = (await db.getAll('outbox')).filter((entry) => entry.result === null || entry.result.status === 'held')
  const photos = await db.getAllFromIndex('photos_meta', 'state', 'waiting')
  const { device } = await getCounter(db)
  const document = {
    kind: 'suicha.unsent',
    version: 1,
    made_at: new Date().toISOString(),
    person,
    device,
    ops: entries.map((entry) => entry.body),
    photos: photos.map(({ sha256, bytes, mime, op, entity, space }) => ({ sha256, bytes, mime, op, entity, space })),
  }
  return { text: JSON.stringify(document, null, 1), count: entries.length }
}
