import { expect, test } from 'vitest'
import { readCustody } from '@/storage/read-custody'
import { putServerState } from '@/storage/state'
import { fetchReceipts } from '@/sync/custody'
import { dismissEntry } from '@/sync/ledger'
import { freePhotoBytes, PRESSURE_BYTES, pruneOutbox } from '@/sync/retention'
import { newUploadPace, uploadOnce } from '@/sync/uploads'
import { countWork } from '@/sync/counts'
import { readQueue } from '@/storage/read-queue'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone, type Phone } from './phone'
import { attachPhoto } from './photo'

async function connected() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  return { server, phone }
}

async function sendAll(phone: Phone): Promise<void> {
  await phone.pushAll()
  const pace = newUploadPace()
  while ((await uploadOnce(phone.db, phone.net, pace, () => 0)).kind === 'again');
  await phone.pullAll()
}
const askedFor = (server: FakeServer) => server.requests.filter((one) => one.path.includes('/custody-receipts/')).length
const noRoom = () => Promise.resolve(0)

test('a receipt is fetched after something was accepted, kept, and asked for once per change', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  await attachPhoto(phone)
  await fetchReceipts(phone.db, phone.net)
  expect(askedFor(server)).toBe(0) // nothing was accepted yet
  await phone.pushAll()
  server.issueReceipt('insp:42')
  await fetchReceipts(phone.db, phone.net)
  expect((await readCustody(phone.db, 'insp:42'))!.summary).toMatchObject({ ops: 2, opsAll: 2, photos: 0, photosAll: 1 })
  await fetchReceipts(phone.db, phone.net)
  expect(askedFor(server)).toBe(1)
  await sendAll(phone)
  const file = server.issueReceipt('insp:42')
  await fetchReceipts(phone.db, phone.net)
  const custody = (await readCustody(phone.db, 'insp:42'))!
  expect(custody.summary).toMatchObject({ ops: 2, opsAll: 2, photos: 1, photosAll: 1 })
  expect(custody.file).toEqual(file) // as it was signed
  await phone.answer('PAX-03', { note: '晋' })
  expect((await readCustody(phone.db, 'insp:42'))!.summary).toMatchObject({ ops: 2, opsAll: 3 })
})

test("another person's receipt, another inspection's or another history's is not kept [I7 × F24 F29]", async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  for (const change of [{ person: { id: 9, name: '王五' } }, { inspection: 'insp:43' }, { epoch: 'ep_0' }, { ops: null }]) {
    const file = server.issueReceipt('insp:42')
    server.receiptsOf.set('insp:42', { ...file, receipt: { ...file.receipt, ...change } })
    await phone.db.delete('custody', 'insp:42')
    await fetchReceipts(phone.db, phone.net)
    expect(await readCustody(phone.db, 'insp:42')).toBeNull()
  }
})

test('a server without receipts is not asked again until something changes', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  expect(await fetchReceipts(phone.db, phone.net)).toEqual({ kind: 'done' })
  await fetchReceipts(phone.db, phone.net)
  expect(askedFor(server)).toBe(1)
  server.faults = ['lost-request']
  await phone.answer('PAX-03', { note: '晋' })
  server.faults = []
  await phone.pushAll()
  server.faults = ['lost-answer']
  expect((await fetchReceipts(phone.db, phone.net)).kind).toBe('offline')
  await fetchReceipts(phone.db, phone.net) // the answer was lost: asked again
  expect(askedFor(server)).toBe(3)
})

test('an operation the receipt does not name, or names with another hash, stays [I20 × F29]', async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.answer('PAX-03', { note: '晋' })
  await sendAll(phone)
  const file = server.issueReceipt('insp:42')
  const [first, second] = file.receipt.ops
  const keep = async (ops: object[]) => {
    server.receiptsOf.set('insp:42', { ...file, receipt: { ...file.receipt, ops } })
    await phone.db.delete('custody', 'insp:42')
    await fetchReceipts(phone.db, phone.net)
    await pruneOutbox(phone.db)
    return (await phone.outbox()).map((entry) => entry.seq)
  }
  expect(await keep([{ ...first, sha256: 'f'.repeat(64) }])).toEqual([1, 2])
  expect(await keep([first!])).toEqual([2])
  expect(await keep([second!])).toEqual([])
})

test('operations stay until the verified backup holds them [I16 I20 × F29]', async () => {
  const { server, phone } = await connected()
  server.durable = 0
  await phone.answer('PAX-01', { value: 'fail' })
  await sendAll(phone)
  expect(await pruneOutbox(phone.db)).toBe(0)
  server.durable = 1
  await phone.pullAll()
  expect(await pruneOutbox(phone.db)).toBe(1)
})

test('photo bytes go only under pressure, stored by a pull, inside the mark and named by the receipt, oldest first [I20 × F18 F29]', async () => {
  const { server, phone } = await connected()
  const [newer, older] = [await attachPhoto(phone, 3000, '2026-03-04T10:00'), await attachPhoto(phone, 3001, '2026-03-04T09:00')]
  const left = async () => new Set((await phone.db.getAllKeys('photo_bytes')) as string[])
  server.durable = 0
  await phone.pushAll()
  expect(await freePhotoBytes(phone.db, noRoom, 1)).toBe(0) // not even sent
  await sendAll(phone)
  expect(await freePhotoBytes(phone.db, noRoom, 1)).toBe(0) // no receipt
  server.issueReceipt('insp:42')
  await fetchReceipts(phone.db, phone.net)
  expect(await freePhotoBytes(phone.db, noRoom, 1)).toBe(0) // not in the backup
  server.durable = 2
  await phone.pullAll()
  expect(await freePhotoBytes(phone.db, () => Promise.resolve(PRESSURE_BYTES), 1)).toBe(0) // no pressure
  expect(await freePhotoBytes(phone.db, () => Promise.resolve(null), 1)).toBe(0) // nobody knows
  expect(await left()).toEqual(new Set([newer, older]))
  expect(await freePhotoBytes(phone.db, () => Promise.resolve(PRESSURE_BYTES - 3001), 1)).toBe(1)
  expect(await left()).toEqual(new Set([newer]))
  expect(await freePhotoBytes(phone.db, noRoom, 1)).toBe(1)
  expect((await phone.db.get('photos_meta', newer))!.freed_at).toBe(1)
})

test.each([
  ['a pull that says not stored', async (phone: Phone, sha: string) => {
    const row = (await phone.row(`photo:${sha}`))!
    await phone.db.put('rows', { ...row, fields: { ...row.fields, stored: false } })
  }],
  ['a receipt of another history', async (phone: Phone) => void (await putServerState(phone.db, { epoch: 'ep_2' }))],
  ['an operation outside the mark', async (phone: Phone) => void (await putServerState(phone.db, { durable_seq: 0 }))],
] as const)('%s keeps the bytes [I20 × F29]', async (_, spoil) => {
  const { server, phone } = await connected()
  const sha256 = await attachPhoto(phone)
  await sendAll(phone)
  server.issueReceipt('insp:42')
  await fetchReceipts(phone.db, phone.net)
  await spoil(phone, sha256)
  expect(await freePhotoBytes(phone.db, noRoom, 1)).toBe(0)
  expect(await phone.db.count('photo_bytes')).toBe(1)
})

test('an outcome a restore turned round is shown until it was seen, for the better too, and stays in the queue [I7 I16 I27 × F29]', async () => {
  const { server, phone } = await connected()
  const other = await makePhone(server, 'dev_b')
  await other.pullAll()
  await other.answer('PAX-01', { value: 'pass' })
  await other.pushAll()
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  expect((await phone.outbox())[0]!.result!.status).toBe('conflict')
  await dismissEntry(phone.db, 1)
  server.epoch = 'ep_2' // restored from before the other phone's push
  server.receipts.clear()
  server.devices.clear()
  server.spaces.set('insp:42', server.spaces.get('insp:42')!.filter((row) => row.t !== 'answer'))
  await phone.answer('PAX-03', { note: '一' })
  await phone.pushAll()
  await phone.pullAll()
  expect((await phone.outbox())[0]).toMatchObject({ result: { status: 'applied' }, changed_from: 'conflict', dismissed: false })
  expect((await countWork(phone.db)).attention).toBe(1)
  expect((await readQueue(phone.db)).matters.map((one) => one.kind)).toEqual(['changed'])
  await pruneOutbox(phone.db)
  expect((await phone.outbox()).map((entry) => entry.seq)).toEqual([1])
  await dismissEntry(phone.db, 1)
  expect((await countWork(phone.db)).attention).toBe(0)
  expect(await pruneOutbox(phone.db)).toBe(1)
})
