import type { ProposalFields } from '@/domain/records'
import { HARD_PHOTO_ERRORS, listBroken, listConflicts, listToSee } from '@/sync/counts'
import { askAll } from './atomic'
import type { CustodyRow, Database, OutboxEntry, PhotoMeta, Row } from './db'

/** So many of each kind are listed: of ten thousand nobody reads more, and to draw them all takes minutes. */
export const LISTED = 100
/** Answered operations lie before those that wait: they are passed over so many at a time. */
const STEP = 200

/** What the queue's screen is made of: found by index, never by reading everything. */
export interface QueueSource {
  /** Operations whose outcome a person has yet to see. */
  entries: OutboxEntry[]
  waiting: OutboxEntry[]
  photos: PhotoMeta[]
  broken: PhotoMeta[]
  custody: CustodyRow[]
  /** The rows of all of these, of the conflicts, and each one's inspection. */
  rows: Row[]
  inspections: Row[]
  conflicts: string[]
  proposals: Row[]
  /** Operations named by a proposal that are still here. */
  known: Set<string>
  /** Operations of the listed photos that the server has not answered. */
  unanswered: Set<string>
  more: { waiting: number; photos: number }
}

export async function readSource(db: Database): Promise<QueueSource> {
  const [entries, broken, conflicts] = await askAll(() => listToSee(db), () => listBroken(db, HARD_PHOTO_ERRORS), () => listConflicts(db))
  const tx = db.transaction(['outbox', 'rows', 'photos_meta', 'custody'])
  const [outbox, rowStore] = [tx.objectStore('outbox'), tx.objectStore('rows')]
  const status = outbox.index('status')
  const [all, answered, held, heldEntries, photos, photoCount, custodyKeys, proposals] = await askAll(
    () => outbox.count(),
    () => status.count(),
    () => status.count('held'),
    () => status.getAll('held', LISTED),
    () => tx.objectStore('photos_meta').index('state').getAll('waiting', LISTED),
    () => tx.objectStore('photos_meta').index('state').count('waiting'),
    () => tx.objectStore('custody').index('refused').getAllKeys(),
    () => rowStore.getAll(IDBKeyRange.bound(['user:', ''], ['user;', ''])),
  )
  const unanswered: OutboxEntry[] = []
  const wanted = Math.min(all - answered, LISTED)
  for (let after = -1; unanswered.length < wanted; ) {
    const page = await outbox.getAll(IDBKeyRange.lowerBound(after, true), STEP)
    if (page.length === 0) break
    after = page[page.length - 1]!.seq
    unanswered.push(...page.filter((entry) => entry.result === null))
  }
  const waiting = [...unanswered, ...heldEntries].sort((a, b) => a.seq - b.seq).slice(0, LISTED)
  const custody = await askAll(...custodyKeys.map((space) => () => tx.objectStore('custody').get(space)))
  const open = proposals.filter((row) => row.t === 'proposal' && !row.gone)
  const named = open.map((row) => (row.fields as unknown as ProposalFields).op)
  const found = await askAll(...[...named, ...photos.map((photo) => photo.op)].map((op) => () => outbox.index('op').get(op)))
  const keys = new Set([...entries.map((entry) => `${entry.space}|${entry.entity}`), ...conflicts])
  const rows = await askAll(...[...keys].map((key) => () => rowStore.get([key.slice(0, key.indexOf('|')), key.slice(key.indexOf('|') + 1)])))
  const spaces = new Set([...keys].map((key) => key.slice(0, key.indexOf('|'))))
  for (const { space } of [...waiting, ...photos, ...broken]) spaces.add(space)
  for (const space of custodyKeys) spaces.add(space)
  for (const row of open) spaces.add((row.fields as unknown as ProposalFields).space)
  const inspections = await askAll(...[...spaces].map((space) => () => rowStore.getAll(IDBKeyRange.bound([space, 'inspection:'], [space, 'inspection;']))))
  await tx.done
  return {
    entries, waiting, photos, broken, conflicts,
    custody: custody.filter((row) => row !== undefined),
    rows: rows.filter((row) => row !== undefined),
    inspections: inspections.flat(),
    proposals: open,
    known: new Set(found.flatMap((entry) => (entry ? [entry.op] : []))),
    unanswered: new Set(found.flatMap((entry) => (entry && entry.result === null ? [entry.op] : []))),
    more: { waiting: all - answered + held - waiting.length, photos: photoCount - photos.length },
  }
}
