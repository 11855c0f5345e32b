import type { AnswerFields, Item, NumberValue, PairValue, Verdict } from './checklists'
import { parseFraction } from './fraction'
import { holdsDate, holdsNumber, parseRule, type Rule } from './rules'
import { findGivenFault, findNumberFault, MAX_COUNT } from './units'

/**
 * What a judged item comes to. `recorded`: filled in, nothing to pass or fail. `missing`: cannot be judged yet.
 * `needs_verdict`: the value is there, the officer must judge. The same words as `domain/judging.py`.
 */
export type Outcome = Verdict | 'recorded' | 'missing' | 'needs_verdict'
export type Lack = 'value' | 'photo' | 'given' | 'verdict'

/** `missing` is empty exactly when the item is complete. */
export interface Judgement {
  verdict: Outcome
  missing: Lack[]
}

/** Days at the inspection site, ISO. `inspectedOn` is 检查日期, null while it is not known. */
export interface JudgeDates {
  inspectedOn: string | null
  today: string
}

export const MAX_TEXT_CHARACTERS = 2000

/**
 * Judges an answer with `photoCount` pictures attached. `na` as the officer's verdict ends the judgement of any
 * item; pass and fail are heard only where no rule can be computed. An unreadable value counts as missing.
 * `hasFirmSigned`: a signature or a witnessed refusal stands on the sheet.
 */
export function judgeAnswer(item: Item, answer: AnswerFields, photoCount: number, dates: JudgeDates, hasFirmSigned = false): Judgement {
  const said = readVerdict(answer.verdict)
  if (said === 'na') return { verdict: 'na', missing: [] }
  if (item.answer.type === 'photo') {
    // The signature is asked for by itself; a picture of it would be asked for twice.
    if (item.answer.known === 'firm_signature' && photoCount < 1) return { verdict: hasFirmSigned ? 'recorded' : 'missing', missing: [] }
    if (photoCount >= Math.max(1, item.answer.min ?? 1)) return { verdict: 'recorded', missing: [] }
    return { verdict: 'missing', missing: item.is_required ? ['photo'] : [] }
  }
  if (!isReadable(item, answer.value)) return { verdict: 'missing', missing: item.is_required ? ['value'] : [] }
  const judged = judgeValue(item, answer.value, said, dates)
  if (judged.verdict === 'fail' && item.photo_on_fail && photoCount < 1) return { verdict: 'fail', missing: ['photo'] }
  return judged
}

/** The quantities the item's rule needs beside the number (接入车辆数). */
export function listGivenNames(item: Item): string[] {
  return ruleOf(item)?.names ?? []
}

/** Whether the officer must judge because the rule names a standard nobody can compute (`>=规范要求`). */
export function needsOwnVerdict(item: Item): boolean {
  return ruleOf(item)?.bound.kind === 'standard'
}

export function isDate(text: unknown): text is string {
  if (typeof text !== 'string' || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text.startsWith('0000')) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text
}

function ruleOf(item: Item): Rule | null {
  return item.answer.pass ? parseRule(item.answer.pass) : null
}

function judgeValue(item: Item, value: unknown, said: Verdict | null, dates: JudgeDates): Judgement {
  if (item.answer.type === 'judge') return { verdict: value as Verdict, missing: [] }
  // Nothing was looked at: neither a pass nor a failure. Not applicable is said as `na`.
  if (item.answer.type === 'number_pair' && (value as PairValue).checked === 0) {
    return { verdict: 'missing', missing: ['value'] }
  }
  const rule = ruleOf(item)
  if (!rule) return { verdict: 'recorded', missing: [] }
  const isHeld = holds(item, rule, value, dates)
  if (isHeld !== null) return { verdict: isHeld ? 'pass' : 'fail', missing: [] }
  if (rule.bound.kind !== 'standard') return { verdict: 'missing', missing: ['given'] }
  return said ? { verdict: said, missing: [] } : { verdict: 'needs_verdict', missing: ['verdict'] }
}

function holds(item: Item, rule: Rule, value: unknown, dates: JudgeDates): boolean | null {
  switch (item.answer.type) {
    case 'number': {
      const { number, given } = value as NumberValue
      return holdsNumber(rule, parseFraction(number)!, given ?? {})
    }
    case 'number_pair':
      // A pair is judged by its failures; the number checked only says how many were seen.
      return holdsNumber(rule, { n: BigInt((value as PairValue).failed), d: 1n }, {})
    case 'date':
      return holdsDate(rule, value as string, dates.inspectedOn, dates.today)
    default:
      return null
  }
}

/** Whether the value has the wire shape of the item's type and is not empty. */
function isReadable(item: Item, value: unknown): boolean {
  if (value === null || value === undefined) return false
  switch (item.answer.type) {
    case 'judge':
      return readVerdict(value) !== null
    case 'number':
      return isNumberValue(item, value)
    case 'number_pair':
      return isPairValue(value)
    case 'text':
      return typeof value === 'string' && [...value].length <= MAX_TEXT_CHARACTERS && value.trim() !== ''
    case 'date':
      return isDate(value)
    case 'photo':
      return false
  }
}

function readVerdict(value: unknown): Verdict | null {
  return value === 'pass' || value === 'fail' || value === 'na' ? value : null
}

function isNumberValue(item: Item, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('number' in value)) return false
  if (Object.keys(value).some((key) => key !== 'number' && key !== 'given')) return false
  const { number, given } = value as { number: unknown; given?: unknown }
  if (parseFraction(number) === null || findNumberFault(item.answer.unit, number as string)) return false
  if (given === undefined || given === null) return true
  return typeof given === 'object' && Object.entries(given).every(([name, text]) => parseFraction(text) !== null && !findGivenFault(name, text as string))
}

function isPairValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).sort().join() !== 'checked,failed') return false
  const { checked, failed } = value as { checked: unknown; failed: unknown }
  return isCount(checked) && isCount(failed) && failed <= checked
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_COUNT
}
