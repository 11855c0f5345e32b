import { expect, test } from 'vitest'
import { findContradictions, findImpossible } from '@/domain/ended-on'

const ARRIVALS = [{ at: '2026-11-30T09:10:00.000+08:00' }, { at: '2026-11-30T00:10:00.000+08:00' }]

test('an end of the visit before anybody had arrived is told, and so is another day in the form', () => {
  expect(findContradictions('2025-11-30', ARRIVALS, '2026-11-30')).toEqual([
    { why: 'before_arrival', date: '2026-11-30' },
    { why: 'other_day', date: '2026-11-30' },
  ])
  expect(findContradictions('2026-12-01', ARRIVALS, '2026-11-30')).toEqual([{ why: 'other_day', date: '2026-11-30' }])
})

test('a day that fits, or with nothing recorded against it, passes without a word', () => {
  expect(findContradictions('2026-11-30', ARRIVALS, '2026-11-30')).toEqual([])
  expect(findContradictions('2026-11-30', [], null)).toEqual([])
})

test.each([
  ['2026-03-04', null],
  ['2026-03-01', null],
  ['2026-02-28', 'before_assigned'],
  ['2026-03-05', 'future'],
  ['2926-03-04', 'future'],
])('a visit assigned on 1 March that is said to have ended on %s: %s', (day, why) => {
  expect(findImpossible(day, '2026-03-04', '2026-03-01')).toBe(why)
  expect(findImpossible(day, '2026-03-04', undefined)).toBe(why === 'future' ? 'future' : null)
})
