import type { InspectionFields, ProposalFields } from '@/domain/records'
import { HARD_PHOTO_ERRORS } from '@/sync/counts'
import { isShownConflict, mayMap } from '@/sync/conflicts'
import { isSettled, needsSight } from '@/sync/operation'
import { isShownProposal } from '@/sync/turns'
import { listChosen } from '@/sync/versions-in-dispute'
import type { CustodyRow, Database, OutboxEntry, PhotoMeta, Row } from './db'

/** One thing a person has to look at; the same matter met twice (operation and row) is one. */
export interface Matter {
  key: string
  kind: 'conflict' | 'rejected_locked' | 'forbidden' | 'invalid' | 'photo' | 'changed' | 'receipt'
  space: string
  entity: string
  firm: string
  entry: OutboxEntry | null
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
}

export async function readQueue(db: Database): Promise<QueueView> {
  const tx = db.transaction(['outbox', 'rows', 'photos_meta', 'custody'])
  const entries = await tx.objectStore('outbox').getAll()
  const rows = await tx.objectStore('rows').getAll()
  const waitingPhotos = await tx.objectStore('photos_meta').index('state').getAll('waiting')
  const custody = await tx.objectStore('custody').getAll()
  await tx.done

  const byKey = new Map(rows.map((row) => [`${row.space}|${row.id}`, row]))
  const firms = new Map(
    rows.filter((row) => row.t === 'inspection').map((row) => [row.space, (row.fields as unknown as InspectionFields).firm.name]),
  )
  const firmOf = (space: string) => firms.get(space) ?? ''
  const proposals = rows.filter((row) => row.t === 'proposal' && !row.gone)
  const proposalOf = new Map(proposals.map((row) => [(row.fields as unknown as ProposalFields).op, row]))
  const matters = new Map<string, Matter>()

  for (const entry of entries) {
    const status = entry.result?.status ?? null
    if (!needsSight(entry)) continue
    const key = status === 'conflict' ? `${entry.space}|${entry.entity}` : entry.op
    matters.set(key, {
      key,
      kind: isSettled(status) ? 'changed' : (status as Matter['kind']),
      space: entry.space,
      entity: entry.entity,
      firm: firmOf(entry.space),
      entry,
      row: byKey.get(`${entry.space}|${entry.entity}`) ?? null,
      proposal: (proposalOf.get(entry.op)?.fields as unknown as ProposalFields | undefined) ?? null,
      photo: null,
      receipt: null,
    })
  }
  const may = mayMap(rows)
  const chosen = listChosen(entries)
  for (const row of rows) {
    const key = `${row.space}|${row.id}`
    if (matters.has(key) || !isShownConflict(row, may, chosen)) continue
    const blank = { entry: null, proposal: null, photo: null, receipt: null }
    matters.set(key, { key, kind: 'conflict', space: row.space, entity: row.id, firm: firmOf(row.space), row, ...blank })
  }
  for (const photo of waitingPhotos) {
    if (!HARD_PHOTO_ERRORS.includes(photo.error ?? '')) continue
    const { sha256: key, space, entity } = photo
    matters.set(key, { key, kind: 'photo', space, entity, firm: firmOf(space), entry: null, row: null, proposal: null, photo, receipt: null })
  }
  for (const receipt of custody) {
    if (!receipt.refused) continue
    const { space } = receipt
    const key = `receipt|${space}`
    const about = { entry: null, row: null, proposal: null, photo: null, receipt }
    matters.set(key, { key, kind: 'receipt', space, entity: '', firm: firmOf(space), ...about })
  }
  const known = new Set(entries.map((entry) => entry.op))
  const unanswered = new Set(entries.filter((entry) => entry.result === null).map((entry) => entry.op))
  return {
    matters: [...matters.values()],
    waiting: entries
      .filter((entry) => entry.result === null || entry.result.status === 'held')
      .map((entry) => ({ ...entry, firm: firmOf(entry.space) })),
    photos: waitingPhotos.map((photo) => ({ ...photo, firm: firmOf(photo.space), isPromised: !unanswered.has(photo.op) })),
    drafts: proposals
      .map((row) => ({ id: row.id, proposal: row.fields as unknown as ProposalFields }))
      .filter(({ proposal }) => !known.has(proposal.op) && isShownProposal(proposal, Date.now()))
      .map((draft) => ({ ...draft, firm: firmOf(draft.proposal.space) })),
  }
}
