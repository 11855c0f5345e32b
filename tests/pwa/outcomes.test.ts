import { describe, expect, test } from 'vitest'
import type { Item } from '@/domain/checklists'
import { listMissingForEntry, listMissingForSubmit, type SheetView } from '@/domain/missing'
import { findOutcome, OUTCOMES, placeOf, RESULT_OF, type VisitOutcome } from '@/domain/outcomes'
import file from '../vectors/outcomes.json'

const DATES = { today: '2026-03-04', inspectedOn: '2026-03-04' }
const item = (code: string) => ({ code, text: code, answer: { type: 'judge' }, basis: [], methods: [], severity: 'major' }) as unknown as Item
const ITEMS = [item('A'), item('B')]

/** A sheet on which two officers were there and signed, and nothing else stands. */
function shut(outcome: VisitOutcome, kept: { note: string; photos: number }): SheetView {
  const answers = { A: { outcome, note: kept.note }, B: {} }
  return {
    items: ITEMS, answers, photoCounts: { A: kept.photos }, photosOnTheWay: {}, conflicts: [], officersPresent: 2, officersSigned: 2,
    signaturesVoid: 0, hasFirmSigned: false, isFirmUnsigned: false, officersStanding: 2, outcome: findOutcome(answers, { A: kept.photos }, ITEMS),
  }
}

describe('outcomes.json', () => {
  test('has every outcome once', () => {
    expect(file.cases.map((one) => one.outcome)).toEqual([...OUTCOMES])
  })

  test.each(file.cases)('$outcome leads to $result and to no other code', ({ outcome, result }) => {
    const told = shut(outcome as VisitOutcome, { note: '门头已拆', photos: 1 })
    expect(RESULT_OF[outcome as VisitOutcome]).toBe(result)
    const accepted = [1, 2, 3, 4, 5, 6, 7, 8].filter((code) => {
      const entry = { results: { A: code, B: code }, isAccepted: true, isEnded: true, unsent: 0 }
      return listMissingForEntry(told, DATES, entry).length === 0
    })
    expect(accepted).toEqual([result])
  })

  const pairs = file.cases.flatMap(({ outcome }) => file.evidence.map((one) => ({ outcome: outcome as VisitOutcome, ...one })))
  test.each(pairs)('$outcome, $name', ({ outcome, kept, missing }) => {
    expect(listMissingForSubmit(shut(outcome, kept), DATES).map((one) => one.code)).toEqual(missing)
  })
})

test('an outcome stands at the common item about it, on a sheet without that at the first one', () => {
  const common = [item('A'), item('COM-04'), item('COM-05')]
  expect(OUTCOMES.map((one) => placeOf(one, common)?.code)).toEqual(OUTCOMES.map((one) => (one === 'refused' ? 'COM-05' : 'COM-04')))
  expect(OUTCOMES.map((one) => placeOf(one, ITEMS)?.code)).toEqual(OUTCOMES.map(() => 'A'))
})
