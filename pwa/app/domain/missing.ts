import type { AnswerFields, Item } from './checklists'
import { judgeAnswer, type JudgeDates, type Judgement } from './judge'
import { RESULT_OF, type OutcomeFact } from './outcomes'

/** Two officers of the department must be there, and sign (道路运输条例 art. 59). */
export const MIN_OFFICERS = 2

/** One thing that stands in the way; the codes are the server's own (`entry.*`), so one text serves both. */
export interface Missing {
  code: string
  item?: string
  count?: number
}

export interface SheetView {
  items: Item[]
  answers: Record<string, AnswerFields>
  /** item → number of photos attached; marked copies do not count */
  photoCounts: Record<string, number>
  /** item → photos the server has not received yet */
  photosOnTheWay: Record<string, number>
  /** items with two versions to choose from */
  conflicts: string[]
  officersPresent: number
  officersSigned: number
  /** signers whose signature covers other content than what stands now */
  signaturesVoid: number
  hasFirmSigned: boolean
  /** the firm has not signed again what was changed after a return */
  isFirmUnsigned: boolean
  /** officers whose signature covers what stands now */
  officersStanding: number
  /** why nothing could be checked: then no list is filled and no firm signs */
  outcome: OutcomeFact | null
}

export function judgeItem(item: Item, view: SheetView, dates: JudgeDates): Judgement {
  return judgeAnswer(item, view.answers[item.code] ?? {}, view.photoCounts[item.code] ?? 0, dates, view.hasFirmSigned)
}

/** Nothing is left to do here; a signature that is still to come leaves its entry open. */
export function isItemDone(item: Item, view: SheetView, dates: JudgeDates): boolean {
  const { verdict, missing } = judgeItem(item, view, dates)
  return missing.length === 0 && !(item.is_required && verdict === 'missing')
}

/**
 * Everything that keeps a sheet from being submitted, all at once, in the order of the form. Whoever signed other
 * content signs again while the firm is still there; once submitted, the lead sees the mark and decides.
 */
export function listMissingForSubmit(view: SheetView, dates: JudgeDates): Missing[] {
  const missing = listGaps(view, dates)
  if (view.signaturesVoid > 0) missing.push({ code: 'entry.signature_void', count: view.signaturesVoid })
  return missing
}

function listGaps(view: SheetView, dates: JudgeDates): Missing[] {
  const missing: Missing[] = []
  if (view.officersPresent < MIN_OFFICERS) missing.push({ code: 'entry.officers', count: view.officersPresent })
  for (const item of view.items) {
    if (view.conflicts.includes(item.code)) missing.push({ code: 'entry.conflict', item: item.code })
    const lacks = view.outcome ? [] : judgeItem(item, view, dates).missing
    if (lacks.length > 0) {
      missing.push({ code: lacks.includes('photo') ? 'entry.photo_required' : 'entry.answer', item: item.code })
    }
  }
  if (view.outcome && view.outcome.note === '') missing.push({ code: 'entry.outcome_note' })
  if (view.outcome && view.outcome.photos === 0) missing.push({ code: 'entry.outcome_photo' })
  if (view.officersSigned < MIN_OFFICERS) missing.push({ code: 'entry.signature_officer', count: view.officersSigned })
  if (!view.hasFirmSigned && !view.outcome) missing.push({ code: 'entry.signature_firm' })
  return missing
}

/** What entering the result asks for beyond submitting (DESIGN §5.2): arrival, acceptance, a code per item. */
export function listMissingForEntry(
  view: SheetView,
  dates: JudgeDates,
  entry: { results: Record<string, number>; isAccepted: boolean; isEnded: boolean; unsent: number },
): Missing[] {
  const missing = listGaps(view, dates)
  if (view.isFirmUnsigned && !view.outcome && view.officersStanding < MIN_OFFICERS) {
    missing.push({ code: 'entry.signature_again', count: view.officersStanding })
  }
  if (!entry.isEnded) missing.unshift({ code: 'entry.not_ended' })
  for (const item of view.items) {
    const waiting = view.photosOnTheWay[item.code] ?? 0
    if (waiting > 0) missing.push({ code: 'entry.photo_not_received', item: item.code, count: waiting })
  }
  for (const item of view.items) {
    const code = entry.results[item.code]
    const judged = judgeItem(item, view, dates)
    // An optional item nobody answered needs no result.
    const isLeftOut = !view.outcome && judged.verdict === 'missing' && judged.missing.length === 0
    if (code === undefined && !isLeftOut) missing.push({ code: 'entry.result', item: item.code })
    else if (view.outcome ? code !== undefined && code !== RESULT_OF[view.outcome.outcome] : code === 1 && judged.verdict === 'fail') {
      missing.push({ code: 'entry.result_contradicts', item: item.code })
    }
  }
  if (entry.unsent > 0) missing.push({ code: 'entry.unsent', count: entry.unsent })
  if (!entry.isAccepted) missing.push({ code: 'entry.not_accepted' })
  return missing
}
