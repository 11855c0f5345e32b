import { isAbsence, readAttendance, type Attendance } from '@/domain/attendance'
import type { AnswerFields, Checklist, Item } from '@/domain/checklists'
import { isOriginal, type PhotoManifest } from '@/domain/evidence'
import { findEndDayItem } from '@/domain/known'
import { isDate, type JudgeDates } from '@/domain/judge'
import { mayBeUnsigned, readFirmPart, type FirmPart } from '@/domain/firm-part'
import { MIN_OFFICERS, type SheetView } from '@/domain/missing'
import { findOutcome } from '@/domain/outcomes'
import { isVoid, type SheetAsShown } from '@/domain/signing'
import type { AbsenceFields, ArrivalFields, CheckinFields, InspectionFields, PastFields, PhotoFields, SheetFields, SheetState, SignatureFields } from '@/domain/records'
import type { OutboxEntry, PhotoMeta, Row, Sibling } from '@/storage/db'
import type { PhotoClaim } from './operation'
import { listCorrections, overlayCorrections, type Correction } from './corrected'
import { isOverlaid, overlayFields } from './overlay'

/** What the screens show of one inspection: pulled rows under this phone's own pending operations. */
export interface InspectionView {
  space: string
  fields: InspectionFields
  sheets: SheetModel[]
  hasPending: boolean
}

export interface SheetModel {
  code: string
  space: string
  fields: SheetFields
  /** The sheet this person may fill; others show a name and a state only. */
  isMine: boolean
  /** Entry state as this phone may say it: never "entered" before the server said so. */
  state: SheetState | 'started' | 'submitting' | 'entering'
  isFrozen: boolean
  sections: Section[]
  answers: Record<string, AnswerModel>
  photos: Record<string, PhotoModel[]>
  signatures: SignatureModel[]
  /** What stands for the firm, and whether it may be recorded that it has not signed again. */
  firmPart: FirmPart
  mayBeUnsigned: boolean
  attendance: Attendance<CheckinModel & ArrivalFields, CheckinModel & AbsenceFields>
  past: PastFields | null
  view: SheetView
  dates: JudgeDates
  pending: OutboxEntry[]
  /** Lists that have not reached this phone yet. */
  missingLists: string[]
  /** What the lead wants done at single items, while the sheet is given back. */
  comments: Record<string, string>
}

/** `at`: when it was recorded, by the phone's clock. */
export type CheckinModel = CheckinFields & { id: string; isSent: boolean; at: string }

export interface Section {
  key: string
  title: string
  items: Item[]
}

export interface AnswerModel {
  fields: AnswerFields
  siblings: Sibling[]
  /** Siblings this phone has just settled: until the server's row comes back one may choose anew. */
  chosen: Sibling[]
  /** waiting: on this phone only; sent: the server has it. */
  state: 'none' | 'waiting' | 'sent'
  row: Row | undefined
  /** Approved corrections laid over what was entered. */
  corrected: Correction[]
}

/** `isVoid`: what was signed has changed since; `at`: when it was made, by the phone's clock. */
export type SignatureModel = SignatureFields & { id: string; isSent: boolean; isVoid: boolean; at: string }

export interface PhotoModel {
  sha256: string
  entity: string
  /** The head a removal is based on. */
  head: string | null
  meta: PhotoMeta | null
  mime: string
  bytes: number
  manifest: PhotoManifest
  isStored: boolean
}

export interface ViewSource {
  space: string
  rows: Row[]
  outbox: OutboxEntry[]
  photos: PhotoMeta[]
  lists: Map<string, Checklist>
  today: string
}

/** `null` until the inspection's own row is there. */
export function buildInspectionView(source: ViewSource): InspectionView | null {
  const inspection = source.rows.find((row) => row.t === 'inspection' && !row.gone)
  if (!inspection) return null
  const index = indexSource(source)
  const fields = inspection.fields as unknown as InspectionFields
  const sheetRows = source.rows.filter((row) => row.t === 'sheet' && !row.gone)
  sheetRows.sort((a, b) => fields.sheets.indexOf(codeOf(a)) - fields.sheets.indexOf(codeOf(b)))
  return {
    space: source.space,
    fields,
    sheets: sheetRows.map((row) => buildSheet(row, fields, index)),
    hasPending: source.outbox.some((entry) => entry.result === null),
  }
}

/** What is looked up for each of some hundred items, found once. */
interface Indexed extends ViewSource {
  rowOf: Map<string, Row>
  entriesOf: Map<string, OutboxEntry[]>
  versions: Row[]
}

function indexSource(source: ViewSource): Indexed {
  const entriesOf = new Map<string, OutboxEntry[]>()
  for (const entry of source.outbox) {
    const before = entriesOf.get(entry.entity)
    if (before) before.push(entry)
    else entriesOf.set(entry.entity, [entry])
  }
  const rowOf = new Map(source.rows.map((row) => [row.id, row]))
  return { ...source, rowOf, entriesOf, versions: source.rows.filter((row) => row.t === 'version') }
}

const codeOf = (row: Row) => row.id.slice('sheet:'.length)

function buildSheet(row: Row, inspection: InspectionFields, source: Indexed): SheetModel {
  const code = codeOf(row)
  const fields = overlayCorrections(row.fields as unknown as SheetFields, listCorrections(source.versions, row.id))
  const own = source.outbox.filter((entry) => sheetOf(entry) === code)
  const sections = (fields.lists ?? []).map(({ list, items }) => buildSection(list, items, source.lists))
  const items = sections.flatMap((section) => section.items)
  const answers = Object.fromEntries(items.map((item) => [item.code, buildAnswer(code, item.code, source)]))
  const photos = collectPhotos(code, source, own)
  const originals = mapValues(photos, (list) => list.filter((photo) => isOriginal(photo.manifest)).length)
  const shown = showSheet(source.space, code, answers, photos)
  const signatures = collect<SignatureFields & { at: string }>('signature', 'signature.add', source)
    .filter((s) => s.sheet === code)
    .map((s) => ({ ...s, isVoid: isVoid(s, shown) }))
  const checkins = collect<CheckinFields & { at: string }>('checkin', 'checkin.add', source).filter((c) => c.sheet === code)
  const attendance = readAttendance<CheckinModel>(checkins)
  const reached = stateOf(fields, own, row)
  const isBegun = checkins.filter((one) => !isAbsence(one)).length + signatures.length + Object.keys(photos).length > 0 || Object.values(answers).some((answer) => answer.state !== 'none')
  const state = reached === 'open' && isBegun ? 'started' : reached
  const ended = answers[findEndDayItem(items) ?? '']?.fields.value
  const officers = new Set(inspection.team.filter((t) => [code, fields.department.name].includes(t.department)).map((t) => t.officer_id))
  // Whoever was not there cannot sign for what was seen there.
  const present = [...attendance.arrived.keys()]
  const signed = signatures.filter((s) => s.role === 'officer' && !s.refused && present.includes(s.officer_id ?? NaN))
  const officersSigned = countOf(signed.map((s) => s.officer_id), officers)
  const firmPart = readFirmPart(signatures)
  return {
    code,
    space: source.space,
    fields,
    isMine: inspection.may.includes(code),
    state,
    isFrozen: !['open', 'started', 'returned'].includes(state),
    sections,
    answers,
    photos,
    signatures,
    firmPart,
    mayBeUnsigned: mayBeUnsigned(fields.state === 'returned' || Boolean(fields.returned), signatures),
    attendance,
    past: (source.rows.find((one) => one.id === `past:${code}`)?.fields as unknown as PastFields | undefined) ?? null,
    view: {
      items,
      answers: Object.fromEntries(Object.entries(answers).map(([item, answer]) => [item, answer.fields])),
      photoCounts: originals,
      photosOnTheWay: mapValues(photos, (list) => list.filter((photo) => !photo.isStored).length),
      conflicts: items.map((item) => item.code).filter((item) => answers[item]!.siblings.length > 0),
      officersPresent: countOf(present, officers),
      officersSigned,
      outcome: findOutcome(shown.answers, originals, items),
      signaturesVoid: countVoid(signatures),
      hasFirmSigned: signatures.some((s) => s.role === 'firm' && (!s.refused || (Boolean(s.reason?.trim()) && officersSigned >= MIN_OFFICERS))),
      isFirmUnsigned: firmPart === 'unsigned',
      officersStanding: countOf(signed.filter((s) => !s.isVoid).map((s) => s.officer_id), officers),
    },
    dates: { inspectedOn: fields.ended_on ?? (isDate(ended) ? ended : source.today), today: source.today },
    pending: own.filter((entry) => entry.result === null),
    missingLists: sections.filter((section) => section.title === '').map((section) => section.key),
    comments: state === 'returned' ? (fields.return_comments ?? {}) : {},
  }
}

/** What a signature made now covers. */
export function showSheet(space: string, code: string, answers: Record<string, AnswerModel>, photos: Record<string, PhotoModel[]>): SheetAsShown {
  return {
    inspection: space,
    sheet: code,
    answers: mapValues(answers, (answer) => answer.fields),
    photos: [...new Set(Object.values(photos).flatMap((list) => list.map((photo) => photo.sha256)))],
  }
}

/** How many signers have to sign again: a void signature beside one of the same person, or word for the firm, that stands no longer counts. */
function countVoid(signatures: SignatureModel[]): number {
  const signer = (s: SignatureModel) => (s.role === 'officer' ? `officer ${s.officer_id}` : s.role === 'unsigned' ? 'firm' : s.role)
  const settled = new Set(signatures.filter((s) => !s.isVoid).map(signer))
  return new Set(signatures.filter((s) => s.isVoid).map(signer).filter((one) => !settled.has(one))).size
}

function buildSection(key: string, codes: string[], lists: Map<string, Checklist>): Section {
  const list = lists.get(key)
  if (!list) return { key, title: '', items: [] }
  const wanted = new Set(codes)
  return { key, title: list.title, items: list.items.filter((item) => wanted.has(item.code)) }
}

function buildAnswer(sheet: string, item: string, source: Indexed): AnswerModel {
  const id = `answer:${sheet}/${item}`
  const row = source.rowOf.get(id)
  const entries = (source.entriesOf.get(id) ?? []).filter((entry) => entry.body.kind === 'answer.set')
  const isWaiting = entries.some((entry) => entry.result === null)
  const overlaid = entries.filter((entry) => isOverlaid(entry, row))
  // Siblings this phone has just settled are gone from sight before the server has answered.
  const settled = new Set(overlaid.flatMap((entry) => entry.body.resolves ?? []))
  const corrected = listCorrections(source.versions, id)
  return {
    fields: overlayCorrections(overlayFields<AnswerFields>(row, entries), corrected),
    corrected,
    siblings: (row?.siblings ?? []).filter((sibling) => !settled.has(sibling.op)),
    chosen: (row?.siblings ?? []).filter((sibling) => settled.has(sibling.op)),
    state: isWaiting ? 'waiting' : row || overlaid.length > 0 ? 'sent' : 'none',
    row,
  }
}

function collectPhotos(sheet: string, source: Indexed, own: OutboxEntry[]): Record<string, PhotoModel[]> {
  const byItem: Record<string, PhotoModel[]> = {}
  const metas = new Map(source.photos.map((meta) => [meta.sha256, meta]))
  const removed = new Set<string>()
  for (const entry of own) {
    if (entry.body.kind === 'photo.remove' && isOverlaid(entry, source.rowOf.get(entry.entity))) removed.add(`${entry.entity}|${String(entry.body.fields.from)}`)
  }
  const add = (entity: string, said: PhotoFields | PhotoClaim, head: string | null, isStored: boolean) => {
    const { sha256, mime, bytes, manifest = {} } = said
    if (!entity.startsWith(`answer:${sheet}/`) || removed.has(`photo:${sha256}|${entity}`)) return
    const list = (byItem[entity.slice(entity.indexOf('/') + 1)] ??= [])
    if (list.some((photo) => photo.sha256 === sha256)) return
    list.push({ sha256, entity, head, meta: metas.get(sha256) ?? null, mime, bytes, manifest, isStored })
  }
  for (const row of source.rows) {
    if (row.t !== 'photo' || row.gone) continue
    const fields = row.fields as unknown as PhotoFields
    for (const entity of fields.attached ?? []) add(entity, fields, row.heads.attached ?? null, fields.stored)
  }
  for (const entry of own) {
    const { photo, kind } = entry.body
    if (kind !== 'photo.attach' || !photo) continue
    if (isOverlaid(entry, source.rowOf.get(`photo:${photo.sha256}`))) add(entry.entity, photo, entry.op, false)
  }
  return byItem
}

function collect<T extends object>(type: string, kind: string, source: ViewSource): (T & { id: string; isSent: boolean })[] {
  const found = new Map<string, T & { id: string; isSent: boolean }>()
  for (const row of source.rows) {
    if (row.t === type && !row.gone) found.set(row.id, { ...(row.fields as unknown as T), id: row.id, isSent: true })
  }
  for (const entry of source.outbox) {
    if (entry.body.kind !== kind || found.has(entry.entity) || !isOverlaid(entry, undefined)) continue
    found.set(entry.entity, { ...(entry.body.fields as unknown as T), at: entry.body.at, id: entry.entity, isSent: entry.result !== null })
  }
  return [...found.values()]
}

function stateOf(fields: SheetFields, own: OutboxEntry[], row: Row): SheetModel['state'] {
  const isPending = (kind: string) => own.some((entry) => entry.body.kind === kind && isOverlaid(entry, row))
  if (fields.state === 'entered' || fields.state === 'published') return fields.state
  if (isPending('sheet.enter')) return 'entering'
  if (isPending('sheet.submit') && (fields.state === 'open' || fields.state === 'returned')) return 'submitting'
  return fields.state
}

/** The sheet an operation belongs to, read from its entity or fields. */
export function sheetOf(entry: OutboxEntry): string | null {
  const { entity, body } = entry
  if (entity.startsWith('answer:')) return entity.slice('answer:'.length, entity.indexOf('/'))
  if (entity.startsWith('sheet:')) return entity.slice('sheet:'.length)
  if (entity.startsWith('photo:')) return String(body.fields.from ?? '').slice('answer:'.length).split('/')[0] ?? null
  return typeof body.fields.sheet === 'string' ? body.fields.sheet : null
}

function countOf(ids: (number | undefined)[], allowed: Set<number>): number {
  return new Set(ids.filter((id): id is number => id !== undefined && (allowed.size === 0 || allowed.has(id)))).size
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
