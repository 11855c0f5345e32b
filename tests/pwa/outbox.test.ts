import { expect, test } from 'vitest'
import { recordOps } from '@/storage/outbox'
import { getCounter } from '@/storage/state'
import { hashPayload, linkOf } from '@/sync/chain'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'

const draft = (item: string) => ({ kind: 'answer.set' as const, space: 'insp:42', entity: `answer:tr/${item}`, fields: { value: 'pass' } })

test('numbers run 1, 2, 3 and the counter moves with the operation', async () => {
  const phone = await makePhone(new FakeServer())
  await recordOps(phone.db, [draft('PAX-01'), draft('PAX-02')])
  await recordOps(phone.db, [draft('PAX-03')])
  expect((await phone.outbox()).map((entry) => entry.seq)).toEqual([1, 2, 3])
  expect((await getCounter(phone.db)).seq).toBe(3)
})

test('a failed store takes no number: operation and number stand or fall together [I9 × F18]', async () => {
  const phone = await makePhone(new FakeServer())
  await recordOps(phone.db, [draft('PAX-01')])
  const unstorable = { ...draft('PAX-02'), fields: { value: (() => undefined) as never } }
  await expect(recordOps(phone.db, [draft('PAX-04'), unstorable])).rejects.toThrow()
  expect((await phone.outbox()).length).toBe(1)
  expect((await getCounter(phone.db)).seq).toBe(1)
  await recordOps(phone.db, [draft('PAX-05')])
  expect((await phone.outbox()).map((entry) => entry.seq)).toEqual([1, 2])
})

test('two writers at once get different numbers and chained bases [I9 × F20]', async () => {
  const phone = await makePhone(new FakeServer())
  await Promise.all([phone.answer('PAX-01', { value: 'pass' }), phone.answer('PAX-01', { value: 'fail' })])
  const [first, second] = await phone.outbox()
  expect(first!.body.base).toEqual({ value: null })
  expect(second!.body.base).toEqual({ value: first!.op })
})

test('each operation names its predecessor by number, id and payload hash', async () => {
  const phone = await makePhone(new FakeServer())
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.answer('PAX-03', { note: '晋E12345' })
  const [first, second] = await phone.outbox()
  expect(first!.body.prev).toBeUndefined()
  expect(second!.body.prev).toBe(linkOf(null, 1, first!.op, hashPayload(first!.body)))
  expect(first!.sha256).toBe(hashPayload(first!.body))
})

test('the base is the head that was pulled', async () => {
  const server = new FakeServer()
  assignInspection(server)
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass' }, heads: { value: 'other-op' } })
  const phone = await makePhone(server)
  await phone.pullAll()
  await phone.answer('PAX-01', { value: 'fail', note: '未悬挂' })
  expect((await phone.outbox())[0]!.body.base).toEqual({ value: 'other-op', note: null })
})

test('a settled entry goes only inside the backup mark', async () => {
  const { pruneOutbox } = await import('@/sync/retention')
  const server = new FakeServer()
  assignInspection(server)
  server.durable = 1
  const phone = await makePhone(server)
  await phone.pullAll()
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.answer('PAX-03', { value: { checked: 5, failed: 0 } })
  await phone.pushAll()
  await phone.takeReceipt()
  expect(await pruneOutbox(phone.db)).toBe(0) // the rows have not come back yet
  await phone.pullAll()
  expect(await pruneOutbox(phone.db)).toBe(1)
  expect((await phone.outbox()).map((entry) => entry.seq)).toEqual([2])
})
