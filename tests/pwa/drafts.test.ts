import { expect, test } from 'vitest'
import { readTypedPair } from '@/domain/fraction'
import { openPersonDb, type DraftKey } from '@/storage/db'
import { dropTyped, findTyped, keepTyped, listTyped } from '@/storage/drafts'
import { recordOps } from '@/storage/outbox'
import { FakeServer } from './fake-server'
import { leaveAsFirstVersion } from './old-app'
import { assignInspection, makePhone, type Phone } from './phone'

const PAIR: DraftKey = ['insp:42', 'answer:tr/PAX-03', 'value']
const NOTE: DraftKey = ['insp:42', 'answer:tr/PAX-03', 'note']

async function phoneWithRows(): Promise<{ phone: Phone; server: FakeServer }> {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  return { phone, server }
}

test('half a pair is kept as typed and found again', async () => {
  const { phone } = await phoneWithRows()
  await keepTyped(phone.db, PAIR, { checked: '5', failed: '' })
  await keepTyped(phone.db, PAIR, { checked: '5', failed: '一' })
  expect((await findTyped(phone.db, PAIR))?.parts).toEqual({ checked: '5', failed: '一' })
  expect(await phone.outbox()).toEqual([])
})

test('what is typed in one inspection is listed without its neighbours', async () => {
  const { phone } = await phoneWithRows()
  await keepTyped(phone.db, PAIR, { checked: '5', failed: '' })
  await keepTyped(phone.db, ['insp:421', PAIR[1], PAIR[2]], { checked: '6', failed: '' })
  expect((await listTyped(phone.db, 'insp:42')).map((one) => one.parts.checked)).toEqual(['5'])
})

test('writing a field drops its draft and no other', async () => {
  const { phone } = await phoneWithRows()
  await keepTyped(phone.db, PAIR, { checked: '5', failed: '' })
  await keepTyped(phone.db, NOTE, { text: '晋E1' })
  await phone.answer('PAX-03', { value: { checked: 5, failed: 1 } })
  expect(await findTyped(phone.db, PAIR)).toBeNull()
  expect((await findTyped(phone.db, NOTE))?.parts).toEqual({ text: '晋E1' })
})

test('a write that fails leaves the draft [I25 × F18 F21]', async () => {
  const { phone } = await phoneWithRows()
  await keepTyped(phone.db, NOTE, { text: '晋E1' })
  await expect(phone.answer('PAX-03', { note: (() => undefined) as never })).rejects.toThrow()
  expect((await findTyped(phone.db, NOTE))?.parts).toEqual({ text: '晋E1' })
})

test('a draft that was emptied again can be dropped', async () => {
  const { phone } = await phoneWithRows()
  await keepTyped(phone.db, NOTE, { text: '晋' })
  await dropTyped(phone.db, NOTE)
  expect(await listTyped(phone.db, 'insp:42')).toEqual([])
})

test('typing begun over an older version does not replace the newer one unseen [I8 × F36]', async () => {
  const { phone, server } = await phoneWithRows()
  await keepTyped(phone.db, NOTE, { text: '晋E1' })
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-03', fields: { note: '他人' }, heads: { note: 'other-op' } })
  await phone.pullAll()
  await keepTyped(phone.db, NOTE, { text: '晋E12' })
  await phone.answer('PAX-03', { note: '晋E12' })
  await phone.answer('PAX-03', { note: '晋E123' })
  const [first, second] = await phone.outbox()
  expect(first!.body.base).toEqual({ note: null })
  expect(second!.body.base).toEqual({ note: first!.op })
})

test('whoever settles a conflict builds on what is shown, not on what was half typed', async () => {
  const { phone, server } = await phoneWithRows()
  await keepTyped(phone.db, NOTE, { text: '晋E1' })
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-03', fields: { note: '他人' }, heads: { note: 'other-op' } })
  await phone.pullAll()
  await recordOps(phone.db, [
    { kind: 'answer.set', space: 'insp:42', entity: 'answer:tr/PAX-03', fields: { note: '他人' }, resolves: ['sibling'] },
  ])
  expect((await phone.outbox())[0]!.body.base).toEqual({ note: 'other-op' })
  expect(await findTyped(phone.db, NOTE)).toBeNull()
})

test("the firm's signature takes what was typed beside it, an officer's does not", async () => {
  const { phone } = await phoneWithRows()
  const key: DraftKey = ['insp:42', 'sheet:tr', 'firm_signature']
  const sign = (role: string) =>
    recordOps(phone.db, [{ kind: 'signature.add', space: 'insp:42', entity: `signature:${role}`, fields: { sheet: 'tr', role } }])
  await keepTyped(phone.db, key, { name: '李安全' })
  await sign('officer')
  expect(await findTyped(phone.db, key)).not.toBeNull()
  await sign('firm')
  expect(await findTyped(phone.db, key)).toBeNull()
})

test('a database of the first version gains the drafts and keeps its queue [I25 × F23]', async () => {
  const { phone } = await phoneWithRows()
  await recordOps(phone.db, [{ kind: 'answer.set', space: 'insp:42', entity: 'answer:tr/PAX-01', fields: { note: '旧版' } }])
  const ops = (await phone.db.getAll('outbox')).map((entry) => entry.op)
  const db = await openPersonDb(await leaveAsFirstVersion(phone.db))
  expect((await db.getAll('outbox')).map((entry) => entry.op)).toEqual(ops)
  expect([...db.objectStoreNames]).toContain('drafts')
})

test.each([
  ['5', '1', { checked: 5, failed: 1 }],
  ['５', ' 0 ', { checked: 5, failed: 0 }],
  ['5', '6', null],
  ['5', '', null],
  ['5.5', '1', null],
  ['-5', '-6', null],
  ['2000000', '1', null],
])('the pair %s / %s is read as %j', (checked, failed, pair) => {
  expect(readTypedPair(checked, failed)).toEqual(pair)
})
