import type { AbsenceReason } from '@/domain/attendance'
import type { AnswerFields } from '@/domain/checklists'
import type { Plain } from '@/domain/canonical'
import type { SignatureFields, Place } from '@/domain/records'
import { moveOutcome, type Kept } from '@/domain/outcome-move'
import type { VisitOutcome } from '@/domain/outcomes'
import { sign } from '@/domain/signing'
import { makeUuid7 } from '@/domain/uuid'
import type { DraftKey } from '@/storage/db'
import { findTyped, keepTyped } from '@/storage/drafts'
import { recordOps } from '@/storage/outbox'
import { buildEntry } from '@/sync/entering'
import { dismissSettled } from '@/sync/ledger'
import { showSheet, type PhotoModel, type SheetModel } from '@/sync/inspection-view'
import type { Draft } from '@/sync/operation'
import { db, noteWrite, writing } from './store'
import { trackWrite } from './writes'

/** What a tap does: one or more operations, on disk when the promise resolves. */
async function record(...drafts: Draft[]): Promise<void> {
  const named = drafts.map((draft) => ({ ...draft, op: makeUuid7() }))
  await trackWrite(writing((store) => recordOps(store, named)))
  const settled = drafts.flatMap((draft) => draft.resolves ?? [])
  if (settled.length > 0) await trackWrite(writing((store) => dismissSettled(store, settled)))
  noteWrite(named.length)
}

export function setAnswer(sheet: SheetModel, item: string, fields: AnswerFields, resolves: string[] = []): Promise<void> {
  return record({
    kind: 'answer.set',
    space: sheet.space,
    entity: `answer:${sheet.code}/${item}`,
    fields: fields as Record<string, Plain>,
    ...(resolves.length > 0 ? { resolves } : {}),
  })
}

/** 合格 for each of these entries in one tap, and marked so: one transaction, however many. */
export function passTheRest(sheet: SheetModel, items: string[]): Promise<void> {
  return record(
    ...items.map((item) => ({
      kind: 'answer.set' as const,
      space: sheet.space,
      entity: `answer:${sheet.code}/${item}`,
      fields: { value: 'pass', by_rest: true },
    })),
  )
}

/** Records why nothing can be checked, or takes it back: at one item, for the whole sheet. */
export async function setOutcome(sheet: SheetModel, outcome: VisitOutcome | null): Promise<void> {
  const place: DraftKey = [sheet.space, `sheet:${sheet.code}`, 'before_outcome']
  const kept = await findTyped(db(), place)
  const before = JSON.parse(kept?.parts.before ?? '{}') as Kept['before']
  const move = moveOutcome(outcome, sheet.view.outcome, sheet.view.items, sheet.view.answers, { before, account: kept?.parts.account ?? '' })
  // First what is to be found again, then what takes its place: killed between the two, nothing is lost.
  await trackWrite(writing((store) => keepTyped(store, place, { before: JSON.stringify(move.keep.before), account: move.keep.account })))
  return record(
    ...move.writes.map(({ item, fields }) => ({
      kind: 'answer.set' as const,
      space: sheet.space,
      entity: `answer:${sheet.code}/${item}`,
      fields: fields as Record<string, Plain>,
    })),
  )
}

/** The same from the queue, where only the entity is known. */
export function setAnswerOf(space: string, entity: string, fields: AnswerFields, resolves: string[]): Promise<void> {
  return record({ kind: 'answer.set', space, entity, fields: fields as Record<string, Plain>, resolves })
}

/** Takes photos off an item: an original goes with the copies that explain it, in one transaction. */
export function removePhotos(sheet: SheetModel, photos: PhotoModel[]): Promise<void> {
  return record(
    ...photos.map((photo) => ({
      kind: 'photo.remove' as const,
      space: sheet.space,
      entity: `photo:${photo.sha256}`,
      fields: { from: photo.entity },
      base: { attached: photo.head },
    })),
  )
}

export function checkIn(sheet: SheetModel, officerId: number, place: Place | null): Promise<void> {
  // Answers of a colleague who is there: without one, the team forgot to check in and nobody came late.
  const isLate = sheet.attendance.arrived.size > 0 && Object.values(sheet.answers).some((answer) => answer.state !== 'none')
  return addCheckin(sheet, { officer_id: officerId, place: place as unknown as Plain, ...(isLate ? { late: true } : {}) })
}

/** A record of its own that an officer is not there, and why. It never counts as presence. */
export function recordAbsence(sheet: SheetModel, officerId: number, reason: AbsenceReason, note: string): Promise<void> {
  return addCheckin(sheet, { absent: officerId, reason, ...(note ? { note } : {}) })
}

function addCheckin(sheet: SheetModel, fields: Record<string, Plain>): Promise<void> {
  return record({ kind: 'checkin.add', space: sheet.space, entity: `checkin:${makeUuid7()}`, fields: { sheet: sheet.code, ...fields } })
}

/** A signature says what it covers: what this screen shows of the sheet. */
export function addSignature(sheet: SheetModel, fields: Omit<SignatureFields, 'sheet' | 'signed'>): Promise<void> {
  // The notice is received before anything is recorded: its receipt covers nothing of it.
  const signed = fields.role === 'notice' ? {} : { signed: sign(showSheet(sheet.space, sheet.code, sheet.answers, sheet.photos)) }
  return record({
    kind: 'signature.add',
    space: sheet.space,
    entity: `signature:${makeUuid7()}`,
    fields: { sheet: sheet.code, ...fields, ...signed } as unknown as Record<string, Plain>,
  })
}

export function submitSheet(sheet: SheetModel, endedOn: string): Promise<void> {
  return record({ kind: 'sheet.submit', space: sheet.space, entity: `sheet:${sheet.code}`, fields: { ended_on: endedOn } })
}

/** Signs what this phone shows of the sheet and asks the server to enter it. */
export async function enterSheet(sheet: SheetModel, results: Record<string, number>): Promise<void> {
  const rows = await db().getAllFromIndex('rows', 'space', sheet.space)
  await record(buildEntry(sheet.space, sheet.code, rows, results))
}
