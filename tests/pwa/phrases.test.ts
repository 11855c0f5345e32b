import { describe, expect, test } from 'vitest'
import { insertPhrase, listPhrases } from '@/domain/phrases'
import { readPhrases } from '@/storage/read-phrases'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'

describe('a phrase goes in at the cursor and takes nothing away', () => {
  const END = Number.MAX_SAFE_INTEGER
  test.each([
    ['', END, '台账齐全。', '台账齐全。', [5, 5]],
    ['甲', END, '台账齐全。', '甲；台账齐全。', [7, 7]],
    ['甲，', END, '台账齐全。', '甲，台账齐全。', [7, 7]],
    ['甲\n', END, '台账齐全。', '甲\n台账齐全。', [7, 7]],
    ['甲乙', 1, '台账', '甲；台账；乙', [5, 5]],
    ['甲。乙', 2, '台账', '甲。台账；乙', [5, 5]],
    ['甲', 0, '台账', '台账；甲', [3, 3]],
    ['', 0, '车辆…未随车携带…', '车辆…未随车携带…', [2, 3]],
    ['甲', END, '缺少…月份', '甲；缺少…月份', [4, 5]],
  ] as const)('%j at %i', (text, cursor, phrase, whole, [from, to]) => {
    const found = insertPhrase(text, cursor, phrase)
    expect([found.text, found.from, found.to]).toEqual([whole, from, to])
    expect(found.text.slice(0, found.at) + found.text.slice(found.at + found.piece.length)).toBe(text)
  })
})

test('those meant for the entry come first, those of other entries not at all', () => {
  const phrases = [
    { text: '通用', item: null },
    { text: '本项', item: 'PAX-03' },
    { text: '别项', item: 'PAX-05' },
    { text: '本项', item: null },
  ]
  expect(listPhrases(phrases, 'PAX-03')).toEqual(['本项', '通用'])
  expect(listPhrases(phrases, 'COM-01')).toEqual(['通用', '本项'])
})

test("they come with the person's own space and are read without a network", async () => {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  expect(await readPhrases(phone.db, 8)).toEqual([])
  const phrases = [{ text: '台账齐全。', item: null }]
  server.write('user:8', { t: 'phrases', id: 'phrases:own', fields: { department: 'tr', phrases } })
  await phone.pullAll()
  expect(await readPhrases(phone.db, 8)).toEqual(phrases)
})
