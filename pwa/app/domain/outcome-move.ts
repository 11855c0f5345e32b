import type { AnswerFields, AnswerValue, Item } from './checklists'
import { placeOf, type OutcomeFact, type VisitOutcome } from './outcomes'

/** What stood at an entry before an outcome took its place. */
export interface Before {
  value: AnswerValue
  note: string
  isOneOfTheRest: boolean
}

/** What this phone remembers: the entries as they were, and the account of an outcome that was taken back. */
export interface Kept {
  before: Record<string, Before>
  account: string
}

export interface Move {
  writes: { item: string; fields: AnswerFields }[]
  keep: Kept
}

/**
 * Another reason, or none, why nothing can be checked. The account goes along to where the new reason stands; an entry
 * that is left gets back what it said before. An account that was taken back is there again with the next reason.
 */
export function moveOutcome(to: VisitOutcome | null, now: OutcomeFact | null, items: Item[], answers: Record<string, AnswerFields>, kept: Kept): Move {
  const at = to ? placeOf(to, items) : null
  const keep: Kept = { before: { ...kept.before }, account: kept.account }
  if (to && at && now?.item === at.code) return { writes: [{ item: at.code, fields: { outcome: to, ...failed(at) } }], keep }
  const writes: Move['writes'] = []
  if (now) {
    const { fields, account } = leave(answers[now.item] ?? {}, kept.before[now.item], at !== null)
    writes.push({ item: now.item, fields })
    keep.account = account
  }
  if (to && at) {
    const { value = null, note, by_rest } = answers[at.code] ?? {}
    keep.before[at.code] = { value, note: note ?? '', isOneOfTheRest: Boolean(by_rest) }
    const told = [note, keep.account].filter(Boolean).join('\n')
    writes.push({
      item: at.code,
      fields: { outcome: to, ...failed(at), ...(by_rest ? { by_rest: null } : {}), ...(told !== (note ?? '') ? { note: told } : {}) },
    })
  }
  return { writes, keep }
}

const failed = (item: Item): AnswerFields => (item.answer.type === 'judge' ? { value: 'fail' } : {})

function leave(present: AnswerFields, before: Before | undefined, goesOn: boolean): { fields: AnswerFields; account: string } {
  const note = present.note ?? ''
  const own = before?.note ?? ''
  const account = own && note.startsWith(own) ? note.slice(own.length).trim() : note.trim()
  const fields: AnswerFields = { outcome: null }
  // Only what the outcome had put there is taken away again.
  if (present.value === 'fail') fields.value = before?.value ?? null
  if (before?.isOneOfTheRest && present.value === 'fail') fields.by_rest = true
  // Taken back where nobody knows what was there before: the words stay where they are.
  if ((before || goesOn) && note !== own) fields.note = own || null
  return { fields, account }
}
