import type { Draft } from '@/sync/operation'
import { headsSeen } from '@/sync/overlay'
import { atomically } from './atomic'
import { STRICT, type Database, type DraftKey, type TypedDraft } from './db'

/** Keeps what is typed, on disk when the promise resolves. The head it was typed over is noted once, at the beginning. */
export async function keepTyped(db: Database, key: DraftKey, parts: Record<string, string>): Promise<void> {
  const [space, entity, field] = key
  const tx = db.transaction(['drafts', 'rows', 'outbox'], 'readwrite', STRICT)
  await atomically(tx, async () => {
    const before = await tx.objectStore('drafts').get(key)
    let base = before?.base ?? null
    if (!before) {
      const row = await tx.objectStore('rows').get([space, entity])
      const pending = await tx.objectStore('outbox').index('entity').getAll([space, entity])
      base = headsSeen(row, pending, [field])[field] ?? null
    }
    await tx.objectStore('drafts').put({ space, entity, field, parts, base })
  })
}

export async function findTyped(db: Database, key: DraftKey): Promise<TypedDraft | null> {
  return (await db.get('drafts', key)) ?? null
}

/** Everything half typed in one inspection. */
export function listTyped(db: Database, space: string): Promise<TypedDraft[]> {
  return db.getAll('drafts', IDBKeyRange.bound([space], [space, []]))
}

export async function dropTyped(db: Database, key: DraftKey): Promise<void> {
  await db.delete('drafts', key)
}

/** The typed texts an operation takes the place of; they go in the operation's own transaction. */
export function listReplacedBy(op: Draft): DraftKey[] {
  const { space, entity, fields = {} } = op
  if (op.kind === 'answer.set') return Object.keys(fields).map((field) => [space, entity, field])
  if (op.kind === 'sheet.submit') return [[space, entity, 'ended_on']]
  if (op.kind === 'signature.add' && fields.role !== 'officer') return [[space, `sheet:${String(fields.sheet)}`, `${String(fields.role)}_signature`]]
  return []
}
