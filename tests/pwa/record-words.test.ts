import { expect, test } from 'vitest'
import type { AnswerFields, Item } from '@/domain/checklists'
import { findTooLong } from '@/domain/signing'
import { setLocale } from '@/i18n'
import { recordWords } from '@/screens/values'

const words = (answer: Item['answer'], fields: AnswerFields, photos = 0) => recordWords({ answer } as Item, fields, photos)

test('the record says what it prints: units, days with their year, and "empty" only where nothing stands', () => {
  setLocale('zh')
  expect(words({ type: 'number', unit: '人' }, { value: { number: '12', given: { 接入车辆数: '60' } } })).toEqual(['12人（接入车辆数 60）'])
  expect(words({ type: 'number_pair' }, { value: { checked: 5, failed: 0 }, note: '五台' })).toEqual(['抽查数 5、不符数 0', '备注：五台'])
  expect(words({ type: 'date' }, { value: '2026-11-30' })).toEqual(['2026-11-30'])
  expect(words({ type: 'photo' }, {}, 1)).toEqual([])
  expect(words({ type: 'photo' }, {}, 0)).toEqual(['（空）'])
  expect(words({ type: 'judge' }, { value: 'pass', by_rest: true })).toEqual(['本节其余项一并判为合格'])
  expect(words({ type: 'judge' }, { value: 'pass' })).toEqual([])
})

test('a statement or a reason that is too long is told with its length, and not cut', () => {
  expect(findTooLong('', '陈述😀'.repeat(667))).toEqual({ field: 'statement', most: 2000, count: 2001 })
  expect(findTooLong('因'.repeat(501), '')).toEqual({ field: 'reason', most: 500, count: 501 })
  expect(findTooLong('因'.repeat(500), '😀'.repeat(2000))).toBe(null)
})
