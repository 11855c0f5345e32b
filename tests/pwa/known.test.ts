import { expect, test } from 'vitest'
import type { Item } from '@/domain/checklists'
import { findEndDayItem, findKnown, type Facts } from '@/domain/known'
import type { SignatureFields } from '@/domain/records'
import { makeItem } from './phone'

const entry = (answer: Item['answer']) => makeItem('X', { answer })
const facts = (change: Partial<Facts> = {}): Facts => ({ officers: 0, signatures: [], endDay: null, today: '2026-11-30', ...change })
const receipt = (change: Partial<SignatureFields & { at: string }> = {}) =>
  ({ sheet: 'tr', role: 'notice', name: '陈某', post: '安全员', refused: false, strokes: [], size: [1, 1], at: '2026-11-29T23:30:00.000+00:00', ...change }) as SignatureFields & { at: string }

test('officers who are there are offered as the number asked for, nobody as nothing', () => {
  const item = entry({ type: 'number', unit: '人', known: 'officers' })
  expect(findKnown(item, facts({ officers: 2 }))).toEqual({ value: { number: '2' } })
  expect(findKnown(item, facts())).toBe(null)
})

test('the notice was served on the day at the site on which it was last signed for, by whom', () => {
  const item = entry({ type: 'date', known: 'notice_day' })
  expect(findKnown(item, facts())).toBe(null)
  expect(findKnown(item, facts({ signatures: [receipt({ role: 'firm' })] }))).toBe(null)
  expect(findKnown(item, facts({ signatures: [receipt({ at: '2026-11-20T01:00:00.000+00:00' }), receipt()] }))).toEqual({ value: '2026-11-30', who: '陈某 安全员' })
  const refused = receipt({ refused: true, reason: '负责人外出', post: '' })
  expect(findKnown(item, facts({ signatures: [refused] }))).toEqual({ value: '2026-11-30', who: '陈某', refusal: '负责人外出' })
})

test('the end of the visit is the day typed on the last screen, else today', () => {
  const item = entry({ type: 'date', known: 'end_day' })
  expect(findKnown(item, facts({ endDay: '2026-11-28' }))).toEqual({ value: '2026-11-28' })
  expect(findKnown(item, facts())).toEqual({ value: '2026-11-30' })
})

test('an entry whose list says nothing of it is offered nothing', () => {
  expect(findKnown(entry({ type: 'date' }), facts({ officers: 2, endDay: '2026-11-28', signatures: [receipt()] }))).toBe(null)
})

test('the entry for the end of the visit is the one its list marks, in older lists the one with the old code', () => {
  const marked = makeItem('ZZ-9', { answer: { type: 'date', known: 'end_day' } })
  expect(findEndDayItem([makeItem('COM-08'), marked])).toBe('ZZ-9')
  expect(findEndDayItem([makeItem('COM-08')])).toBe('COM-08')
  expect(findEndDayItem([makeItem('COM-01')])).toBe(null)
})
