import { expect, test } from 'vitest'
import { readTypedDecimal, readTypedPair } from '@/domain/fraction'
import { listMissingForEntry, listMissingForSubmit, type SheetView } from '@/domain/missing'
import { readPictureHead } from '@/domain/picture'
import { findWorstResult, suggestResult } from '@/domain/results'
import { formatLocalTime } from '@/domain/time'
import { findGivenFault, findNumberFault } from '@/domain/units'
import { makeUuid7 } from '@/domain/uuid'
import { parseRoute } from '@/screens/router'
import typedFile from '../vectors/typed.json'
import { makeItem } from './phone'

const DATES = { inspectedOn: '2026-03-04', today: '2026-03-04' }
const view = (change: Partial<SheetView> = {}): SheetView => ({
  items: [makeItem('A', { photo_on_fail: true }), makeItem('B')],
  answers: { A: { value: 'fail' } },
  photoCounts: {},
  photosOnTheWay: {},
  conflicts: [],
  officersPresent: 1,
  officersSigned: 0,
  signaturesVoid: 0,
  hasFirmSigned: false,
  isFirmUnsigned: false,
  officersStanding: 0,
  outcome: null,
  ...change,
})

test('everything that is missing is said at once', () => {
  expect(listMissingForSubmit(view(), DATES).map((one) => [one.code, one.item])).toEqual([
    ['entry.officers', undefined],
    ['entry.photo_required', 'A'],
    ['entry.answer', 'B'],
    ['entry.signature_officer', undefined],
    ['entry.signature_firm', undefined],
  ])
})

test('a failed item cannot be entered as no problem, and photos must have arrived', () => {
  const full = view({
    answers: { A: { value: 'fail' }, B: { value: 'pass' } },
    photoCounts: { A: 1 },
    photosOnTheWay: { A: 1 },
    officersPresent: 2,
    officersSigned: 2,
    hasFirmSigned: true,
  })
  const entry = { results: { A: 1, B: 1 }, isAccepted: false, isEnded: true, unsent: 2 }
  expect(listMissingForEntry(full, DATES, entry).map((one) => one.code)).toEqual([
    'entry.photo_not_received',
    'entry.result_contradicts',
    'entry.unsent',
    'entry.not_accepted',
  ])
})

test('whoever signed other content signs again before submitting; entering leaves it to the lead', () => {
  const full = view({
    answers: { A: { value: 'pass' }, B: { value: 'pass' } }, officersPresent: 2, officersSigned: 2, hasFirmSigned: true, signaturesVoid: 2,
  })
  expect(listMissingForSubmit(full, DATES)).toEqual([{ code: 'entry.signature_void', count: 2 }])
  expect(listMissingForEntry(full, DATES, { results: { A: 1, B: 1 }, isAccepted: true, isEnded: true, unsent: 0 })).toEqual([])
})

test('where nothing could be checked, the account and its picture stand for the list, and the firm signs nothing', () => {
  const outcome = { outcome: 'closed' as const, item: 'A', note: '', photos: 0 }
  const shut = view({ answers: { A: { value: 'fail', outcome: 'closed' } }, officersPresent: 2, officersSigned: 2, outcome })
  const codes = (change: Partial<SheetView>) => listMissingForSubmit({ ...shut, ...change }, DATES).map((one) => one.code)
  expect(codes({})).toEqual(['entry.outcome_note', 'entry.outcome_photo'])
  expect(codes({ outcome: { ...outcome, note: '门头已拆', photos: 1 } })).toEqual([])
  expect(codes({ officersSigned: 1, outcome: { ...outcome, note: '门头已拆', photos: 1 } })).toEqual(['entry.signature_officer'])
  const entry = { isAccepted: true, isEnded: true, unsent: 0 }
  const told = { ...shut, outcome: { ...outcome, note: '门头已拆', photos: 1 } }
  expect(listMissingForEntry(told, DATES, { ...entry, results: { A: 7, B: 7 } })).toEqual([])
  expect(listMissingForEntry(told, DATES, { ...entry, results: { A: 7 } })).toEqual([{ code: 'entry.result', item: 'B' }])
  expect(listMissingForEntry(told, DATES, { ...entry, results: { A: 7, B: 1 } })).toEqual([{ code: 'entry.result_contradicts', item: 'B' }])
})

test.each([
  ['refused', 6],
  ['closed', 7],
  ['moved', 4],
  ['unreachable', 4],
  ['not_engaged', 7],
  ['licence_revoked', 7],
  ['registration_cancelled', 7],
] as const)('%s leads to result %i, whatever the entry came to', (kind, code) => {
  const fact = { outcome: kind, item: 'A', note: '', photos: 0 }
  expect(suggestResult('pass', fact)).toBe(code)
  expect(suggestResult('missing', fact)).toBe(code)
})

test('the firm has the result of its worst item', () => {
  expect(findWorstResult([1, 7, 5])).toBe(5)
  expect(findWorstResult([5, 8, 4])).toBe(4)
  expect(findWorstResult([])).toBeNull()
})

test('what passed is proposed as no problem, what failed is not proposed at all', () => {
  expect(suggestResult('pass')).toBe(1)
  expect(suggestResult('na')).toBe(1)
  expect(suggestResult('fail')).toBeNull()
})

test.each(typedFile.decimals)('typed $typed is read as $wire', ({ typed, wire }) => {
  expect(readTypedDecimal(typed)).toBe(wire)
})

test.each(typedFile.numbers)('a number may be one of its unit, or not: %o', ({ unit, given, number, fault }) => {
  expect(given ? findGivenFault(given, number) : findNumberFault(unit, number)).toBe(fault)
})

test.each(typedFile.pairs)('a pair typed $checked and $failed is read as $wire', ({ checked, failed, wire }) => {
  expect(readTypedPair(checked, failed)).toEqual(wire)
})

test('an id of version 7 begins with its time and has version and variant', () => {
  const id = makeUuid7(0x0195c0de0000, new Uint8Array(10).fill(255))
  expect(id).toBe('0195c0de-0000-7fff-bfff-ffffffffffff')
})

test('the phone writes its own clock with its offset', () => {
  expect(formatLocalTime(Date.parse('2026-03-04T01:12:33.120Z'), 480)).toBe('2026-03-04T09:12:33.120+08:00')
})

test('the size of a JPEG is read from its frame, past other segments', () => {
  const bytes = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc0, 0, 17, 8, 0x0b, 0xd0, 0x0f, 0xc0, ...new Array(30).fill(0)])
  expect(readPictureHead(bytes)).toEqual({ mime: 'image/jpeg', width: 4032, height: 3024 })
})

test('a text file is no picture', () => {
  expect(readPictureHead(new TextEncoder().encode('hello, this is not a picture at all'))).toBeNull()
})

test('an address names its screen', () => {
  expect(parseRoute('#/i/42/tr/1?item=PAX-03')).toEqual({ name: 'section', inspection: '42', sheet: 'tr', section: 1, item: 'PAX-03' })
  expect(parseRoute('#/i/42/tr/results').name).toBe('results')
  expect(parseRoute('#/nonsense').name).toBe('today')
})
