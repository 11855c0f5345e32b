import type { Plain } from '@/domain/canonical'
import type { InspectionFields, ProposalFields } from '@/domain/records'
import { keyOfMatter } from '@/sync/conflicts'
import { isSettled } from '@/sync/operation'
import { isShownProposal } from '@/sync/turns'
import type { CustodyRow, OutboxEntry, PhotoMeta, Row, Database } from './db'
import { readSource } from './queue-source'

/** One thing a person has to look at; the same matter met twice (operation and row) is one. */
export interface Matter {
  key: string
  kind: 'conflict' | 'rejected_locked' | 'forbidden' | 'invalid' | 'photo' | 'changed' | 'receipt'
  space: string
  entity: string
  firm: string
  /** The own operations it is made of, in their order: several where one answer met another's more than once. */
  entries: OutboxEntry[]
  /** What these say together, the later over the earlier. */
  fields: Record<string, Plain>
  /** The row as the server has it now, where the entity has one. */
  row: Row | null
  proposal: ProposalFields | null
  photo: PhotoMeta | null
  /** A custody receipt whose signature did not stand the check; it goes by itself when a good one comes. */
  receipt: CustodyRow | null
}

export interface QueueView {
  matters: Matter[]
  waiting: (OutboxEntry & { firm: string })[]
  photos: (PhotoMeta & { firm: string; isPromised: boolean })[]
  /** Draft corrections of earlier days whose operations this phone has dropped. */
  drafts: { id: string; firm: string; proposal: ProposalFields }[]
  /** How many more wait than are listed. */
  more: { waiting: number; photos: number }
}

export async function readQueue(db: Database): Promise<QueueView> {
  const source = await readSource(db)
  const { entries, rows, broken, custody, proposals, known } = source
  const byKey = new Map(rows.map((row) => [`${row.space}|${row.id}`, row]))
  const firms = new Map(source.inspections.map((row) => [row.space, (row.fields as unknown as InspectionFields).firm.name]))
  const firmOf = (space: string) => firms.get(space) ?? ''
  const proposalOf = new Map(proposals.map((row) => [(row.fields as unknown as ProposalFields).op, row]))
  const matters = new Map<string, Matter>()

  for (const entry of entries) {
    const status = entry.result?.status ?? null
    const key = keyOfMatter(entry)
    const before = matters.get(key)
    matters.set(key, {
      key,
      kind: isSettled(status) ? 'changed' : (status as Matter['kind']),
      space: entry.space,
      entity: entry.entity,
      firm: firmOf(entry.space),
      entries: [...(before?.entries ?? []), entry],
      fields: { ...before?.fields, ...entry.body.fields },
      row: byKey.get(`${entry.space}|${entry.entity}`) ?? null,
      proposal: (proposalOf.get(entry.op)?.fields as unknown as ProposalFields | undefined) ?? null,
      photo: null,
      receipt: null,
    })
  }
  for (const key of source.conflicts) {
    const row = byKey.get(key)
    if (matters.has(key) || !row) continue
    const blank = { entries: [], fields: {}, proposal: null, photo: null, receipt: null }
    matters.set(key, { key, kind: 'conflict', space: row.space, entity: row.id, firm: firmOf(row.space), row, ...blank })
  }
  for (const photo of broken) {
    const { sha256: key, space, entity } = photo
    matters.set(key, { key, kind: 'photo', space, entity, firm: firmOf(space), entries: [], fields: {}, row: null, proposal: null, photo, receipt: null })
  }
  for (const receipt of custody) {
    const { space } = receipt
    const key = `receipt|${space}`
    const about = { entries: [], fields: {}, row: null, proposal: null, photo: null, receipt }
    matters.set(key, { key, kind: 'receipt', space, entity: '', firm: firmOf(space), ...about })
  }
  return {
    matters: [...matters.values()],
    waiting: source.waiting.map((entry) => ({ ...entry, firm: firmOf(entry.space) })),
    photos: source.photos.map((photo) => ({ ...photo, firm: firmOf(photo.space), isPromised: !source.unanswered.has(photo.op) })),
    more: source.more,
    drafts: proposals
      .map((row) => ({ id: row.id, proposal: row.fields as unknown as ProposalFields }))
      .filter(({ proposal }) => !known.has(proposal.op) && isShownProposal(proposal, Date.now()))
      .map((draft) => ({ ...draft, firm: firmOf(draft.proposal.space) })),
  }
}
