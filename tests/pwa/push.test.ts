import { expect, test } from 'vitest'
import { getCounter, getServerState } from '@/storage/state'
import { hashPayload, linkOf } from '@/sync/chain'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'

async function connected() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  return { server, phone }
}

test('a batch is applied and each entry learns its outcome', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.answer('PAX-03', { value: { checked: 5, failed: 1 } })
  expect(await phone.pushAll()).toEqual({ kind: 'done' })
  expect((await phone.outbox()).map((entry) => entry.result?.status)).toEqual(['applied', 'applied'])
  expect(server.ledger.length).toBe(2)
})

test('an answer lost after the commit is asked for again and nothing happens twice [I1 I2 I7 × F2]', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  server.faults = ['lost-answer']
  expect((await phone.push()).kind).toBe('offline')
  expect((await phone.outbox())[0]!.result).toBeNull()
  expect(await phone.pushAll()).toEqual({ kind: 'done' })
  expect((await phone.outbox())[0]!.result).toMatchObject({ status: 'applied', replay: true })
  expect(server.ledger.length).toBe(1)
})

test.each(['portal', 'not-json', 'lost-request'] as const)('%s means offline and the queue is kept [I1 × F1 F8] [I7 × F8]', async (fault) => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  server.faults = [fault]
  expect((await phone.push()).kind).toBe('offline')
  expect((await phone.outbox())[0]!.result).toBeNull()
})

test('401 keeps everything and asks to sign in [I1 × F24]', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  server.faults = [401]
  expect(await phone.push()).toEqual({ kind: 'sign-in' })
  expect((await phone.outbox()).length).toBe(1)
})

test('426 keeps everything and asks for an update [I1 × F23]', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  server.faults = [426]
  expect(await phone.push()).toEqual({ kind: 'upgrade' })
})

test('429 waits as long as the server says [I12 × F10]', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  server.faults = [() => Response.json({ error: { code: 'request.throttled', message: '', details: {} } }, { status: 429, headers: { 'Retry-After': '7' } })]
  expect(await phone.push()).toEqual({ kind: 'later', why: 'request.throttled', afterMs: 7000 })
})

test('413 halves the batch until it goes through [I1 I12 × F11]', async () => {
  const { server, phone } = await connected()
  server.maxOps = 3
  for (let n = 0; n < 10; n += 1) await phone.answer('PAX-01', { note: `第${n}次` })
  expect(await phone.pushAll()).toEqual({ kind: 'done' })
  expect(server.ledger.map((op) => op.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('a gap is filled by offering again from the number the server expects', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.answer('PAX-03', { note: '一' })
  await phone.pushAll()
  server.devices.set('dev_a', 0) // the server lost its mark (restored without a new epoch)
  await phone.answer('PAX-03', { note: '二' })
  expect(await phone.pushAll()).toEqual({ kind: 'done' })
  expect(server.devices.get('dev_a')).toBe(3)
  expect(server.ledger.length).toBe(3)
})

test('what the phone no longer has it reports as lost, so that the queue drains [I1 I12 × F14 F17]', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.answer('PAX-03', { note: '一' })
  await phone.db.delete('outbox', 1)
  expect(await phone.pushAll()).toEqual({ kind: 'done' })
  expect(server.ledger.map((op) => op.kind)).toEqual(['device.lost', 'answer.set'])
  expect(server.ledger[0]).toMatchObject({ seq: 1, fields: { seq: 1 }, entity: 'device:dev_a' })
})

test('a fork takes a new device id, numbers from 1 and keeps the operation ids [I1 I9 I12 × F15 F16]', async () => {
  const { server, phone } = await connected()
  server.devices.set('dev_a', 5) // another phone restored from the same backup went on
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.answer('PAX-03', { note: '一' })
  const ids = (await phone.outbox()).map((entry) => entry.op)
  expect(await phone.pushAll()).toEqual({ kind: 'done' })
  const counter = await getCounter(phone.db)
  expect(counter.device).not.toBe('dev_a')
  expect(counter.seq).toBe(2)
  expect((await phone.outbox()).map((entry) => [entry.seq, entry.op, entry.result?.status])).toEqual([
    [1, ids[0], 'applied'],
    [2, ids[1], 'applied'],
  ])
  expect(server.ledger.length).toBe(2)
  expect(server.devices.get(counter.device)).toBe(2)
  const [first, second] = (await phone.outbox()).map((entry) => entry.body)
  expect(first!.prev).toBeUndefined() // chained anew
  expect(second!.prev).toBe(linkOf(null, 1, first!.op, hashPayload(first!)))
  expect(counter.prev).toBe(linkOf(second!.prev, 2, second!.op, hashPayload(second!)))
})

test('a new epoch offers every retained operation again and starts every space anew [I16 × F29]', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.pushAll()
  await phone.pullAll()
  server.epoch = 'ep_2'
  await phone.answer('PAX-03', { note: '一' })
  expect(await phone.pushAll()).toEqual({ kind: 'done' })
  expect((await getServerState(phone.db)).epoch).toBe('ep_2')
  expect((await phone.outbox()).every((entry) => entry.result?.status === 'applied')).toBe(true)
  expect((await phone.db.get('cursors', 'insp:42'))?.cursor).toBe(0)
  expect(await phone.row('answer:tr/PAX-01')).toBeDefined() // stays in sight until it is read again
})

test('an outcome that a restore turned round is announced [I7 I27 × F29]', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.pushAll()
  server.epoch = 'ep_2'
  server.receipts.clear()
  server.devices.clear()
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'fail' }, heads: { value: 'theirs' } })
  await phone.answer('PAX-03', { note: '一' })
  await phone.pushAll()
  expect((await phone.outbox())[0]).toMatchObject({ result: { status: 'conflict' }, changed_from: 'applied', dismissed: false })
})

test('an answer for a device that is no longer ours leaves the marks alone', async () => {
  const { phone } = await connected()
  const { settleResults } = await import('@/sync/ledger')
  await settleResults(phone.db, 'dev_other', [], { last_seq: 99, durable_seq: 99 }, 0)
  expect((await getServerState(phone.db)).durable_seq).toBe(0)
})

test.each([-400, 400])('a held operation is asked after also when the clock has jumped by %d days [I12 I22 × F22 F26]', async (days) => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.pushAll()
  const [entry] = await phone.outbox()
  await phone.db.put('outbox', { ...entry!, result: { op: entry!.op, status: 'held' } })
  await phone.pushAll()
  expect(server.pushedBy.length).toBe(1) // asked a moment ago
  phone.clock += days * 86_400_000
  await phone.pushAll()
  expect(server.pushedBy.length).toBe(2)
  expect((await phone.outbox())[0]!.result!.status).toBe('applied')
})
