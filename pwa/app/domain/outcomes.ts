import type { AnswerFields, Item } from './checklists'

/** What a visit may come to before anything could be checked; `domain/outcomes.py` says the same. */
export const OUTCOMES = ['refused', 'closed', 'moved', 'unreachable', 'not_engaged', 'deregistered', 'licence_revoked', 'registration_cancelled'] as const
export type VisitOutcome = (typeof OUTCOMES)[number]

export const RESULT_OF: Record<VisitOutcome, number> = {
  refused: 6, closed: 7, moved: 4, unreachable: 4, not_engaged: 7, deregistered: 7, licence_revoked: 7, registration_cancelled: 7,
}

/** Where an outcome stands: the common items about it, else the first item of the sheet. */
const placeCode = (outcome: VisitOutcome): string => (outcome === 'refused' ? 'COM-05' : 'COM-04')

export interface OutcomeFact {
  outcome: VisitOutcome
  item: string
  note: string
  photos: number
}

export function placeOf(outcome: VisitOutcome, items: Item[]): Item | null {
  return items.find((item) => item.code === placeCode(outcome)) ?? items[0] ?? null
}

/** The first one in the order of the sheet's items. */
export function findOutcome(answers: Record<string, AnswerFields>, photos: Record<string, number>, items: Item[]): OutcomeFact | null {
  for (const { code } of items) {
    const fields = answers[code]
    if (fields?.outcome) return { outcome: fields.outcome, item: code, note: (fields.note ?? '').trim(), photos: photos[code] ?? 0 }
  }
  return null
}
