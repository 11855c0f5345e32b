import type { AnswerFields } from '@/domain/checklists'
import type { Plain } from '@/domain/canonical'
import type { SignatureFields, Place } from '@/domain/records'
import { makeUuid7 } from '@/domain/uuid'
import { recordOps } from '@/storage/outbox'
import { buildEntry } from '@/sync/entering'
import { dismissSettled } from '@/sync/ledger'
import type { PhotoModel, SheetModel } from '@/sync/inspection-view'
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

/** The same from the queue, where only the entity is known. */
export function setAnswerOf(space: string, entity: string, fields: AnswerFields, resolves: string[]): Promise<void> {
  return record({ kind: 'answer.set', space, entity, fields: fields as Record<string, Plain>, resolves })
}

export function removePhoto(sheet: SheetModel, photo: PhotoModel): Promise<void> {
  return record({
    kind: 'photo.remove',
    space: sheet.space,
    entity: `photo:${photo.sha256}`,
    fields: { from: photo.entity },
    base: { attached: photo.head },
  })
}

export function checkIn(sheet: SheetModel, officerId: number, place: Place | null): Promise<void> {
  return record({
    kind: 'checkin.add',
    space: sheet.space,
    entity: `checkin:${makeUuid7()}`,
    fields: { sheet: sheet.code, officer_id: officerId, place: place as unknown as Plain },
  })
}

export function addSignature(sheet: SheetModel, fields: Omit<SignatureFields, 'sheet'>): Promise<void> {
  return record({
    kind: 'signature.add',
    space: sheet.space,
    entity: `signature:${makeUuid7()}`,
    fields: { sheet: sheet.code, ...fields } as unknown as Record<string, Plain>,
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
