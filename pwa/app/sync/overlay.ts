import type { OutboxEntry, Row } from '@/storage/db'
import { isSettled, type Heads } from './operation'

/** The newest space_seq a pull has brought; an applied operation is overlaid until the pull passes it. */
export interface SeenUpTo {
  cursor: number
}

/**
 * Whether an own operation still has to be laid over the pulled row: it waits, is held, or was applied by the
 * server but its row has not come back yet. Refused work is not overlaid: it is shown as its own thing.
 */
export function isOverlaid(entry: OutboxEntry, row: Row | undefined): boolean {
  const status = entry.result?.status ?? null
  if (status === null || status === 'held') return true
  if (isSettled(status)) {
    const spaceSeq = entry.result?.space_seq
    return spaceSeq !== undefined && (row?.seq ?? 0) < spaceSeq
  }
  return false
}

/** What the officer sees of an entity: the pulled row under the own pending operations, oldest first. */
export function overlayFields<T extends object>(row: Row | undefined, entries: OutboxEntry[]): T {
  const fields: Record<string, unknown> = row && !row.gone ? { ...row.fields } : {}
  for (const entry of inOrder(entries)) {
    if (isOverlaid(entry, row)) Object.assign(fields, entry.body.fields)
  }
  return fields as T
}

/** The heads an edit made now is based on (§3): the own pending operation if there is one, else the row's. */
export function headsSeen(row: Row | undefined, entries: OutboxEntry[], names: string[]): Heads {
  const heads: Heads = {}
  for (const name of names) heads[name] = row?.heads[name] ?? null
  for (const entry of inOrder(entries)) {
    // A merged operation changed no head: another's equal value is the version to build on.
    if (!isOverlaid(entry, row) || entry.body.kind !== 'answer.set' || entry.result?.status === 'merged') continue
    for (const name of names) if (name in entry.body.fields) heads[name] = entry.op
  }
  return heads
}

function inOrder(entries: OutboxEntry[]): OutboxEntry[] {
  return [...entries].sort((a, b) => a.seq - b.seq)
}
