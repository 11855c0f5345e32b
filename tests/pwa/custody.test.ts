import { expect, test } from 'vitest'
import { readCustody } from '@/storage/read-custody'
import { readLog } from '@/storage/log'
import { putServerState } from '@/storage/state'
import { fetchReceipts, RECHECK_MS } from '@/sync/custody'
import { readKeys } from '@/sync/custody-keys'
import { dismissSettled } from '@/sync/ledger'
import { freeAllProven, freePhotoBytes, PRESSURE_BYTES, pruneOutbox } from '@/sync/retention'
import { newUploadPace, uploadOnce } from '@/sync/uploads'
import { countWork } from '@/sync/counts'
import { readHeartbeat } from '@/sync/heartbeat'
import { readQueue } from '@/storage/read-queue'
import { CustodyKey } from './custody-key'
import { FakeServer, type FakeReceipt } from './fake-server'
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
const summaryOf = async (phone: Phone) => (await readCustody(phone.db, 'insp:42'))!.kept!.summary
const keysAskedFor = (server: FakeServer) => server.requests.filter((one) => one.path.endsWith('/custody-keys')).length
/** As it is when all but the signature says that everything may go: sent, in the mark, stored, and little room. */
async function readyToGo() {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  await attachPhoto(phone)
  await sendAll(phone)
  const letGo = async () => [await pruneOutbox(phone.db), await freePhotoBytes(phone.db, noRoom, 1)]
  return { server, phone, letGo }
}
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
  expect(await summaryOf(phone)).toMatchObject({ ops: 2, opsAll: 2, photos: 0, photosAll: 1 })
  await fetchReceipts(phone.db, phone.net)
  expect(askedFor(server)).toBe(1)
  await sendAll(phone)
  const file = server.issueReceipt('insp:42')
  await fetchReceipts(phone.db, phone.net)
  expect(await summaryOf(phone)).toMatchObject({ ops: 2, opsAll: 2, photos: 1, photosAll: 1 })
  const { kept, refused } = (await readCustody(phone.db, 'insp:42'))!
  expect([kept!.file, kept!.isChecked, refused]).toEqual([file, true, null]) // as it was signed
  await phone.answer('PAX-03', { note: '晋' })
  expect(await summaryOf(phone)).toMatchObject({ ops: 2, opsAll: 3 })
})

test("another person's receipt, another inspection's or another history's is not kept [I7 × F24 F29]", async () => {
  const { server, phone } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  for (const change of [{ person: { id: 9, name: '王五' } }, { inspection: 'insp:43' }, { epoch: 'ep_0' }]) {
    server.handOut('insp:42', { ...server.issueReceipt('insp:42').receipt, ...change })
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
  const keep = async (ops: typeof file.receipt.ops) => {
    server.handOut('insp:42', { ...file.receipt, ops })
    await phone.db.delete('custody', 'insp:42')
    await fetchReceipts(phone.db, phone.net)
    await pruneOutbox(phone.db)
    return (await phone.outbox()).map((entry) => entry.seq)
  }
  expect(await keep([{ ...first!, sha256: 'f'.repeat(64) }])).toEqual([1, 2])
  expect(await keep([first!])).toEqual([2])
  expect(await keep([second!])).toEqual([])
})

test('operations stay until the verified backup holds them [I16 I20 × F29]', async () => {
  const { server, phone } = await connected()
  server.durable = 0
  await phone.answer('PAX-01', { value: 'fail' })
  await sendAll(phone)
  await phone.takeReceipt()
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
  await dismissSettled(phone.db, [(await phone.outbox())[0]!.op])
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
  await phone.takeReceipt()
  await pruneOutbox(phone.db)
  expect((await phone.outbox()).map((entry) => entry.seq)).toEqual([1])
  await dismissSettled(phone.db, [(await phone.outbox())[0]!.op])
  expect((await countWork(phone.db)).attention).toBe(0)
  expect(await pruneOutbox(phone.db)).toBe(1)
})

test.each([
  ['content changed after signing', (file) => ({ ...file, receipt: { ...file.receipt, number: '2026-002' } }), 'custody.bad_signature'],
  ['a photo said to be stored', (file) => ({ ...file, receipt: { ...file.receipt, photos: file.receipt.photos.map((one) => ({ ...one, bytes: one.bytes + 1 })) } }), 'custody.bad_signature'],
  ['one letter of the signature', (file) => ({ ...file, signature: `${file.signature.startsWith('A') ? 'B' : 'A'}${file.signature.slice(1)}` }), 'custody.bad_signature'],
  ['no signature', ({ receipt, key_id }) => ({ receipt, key_id }), 'custody.wrong_shape'],
  ['a key that is not on record', ({ receipt }) => new CustodyKey().sign(receipt), 'custody.unknown_key'],
  ["a stranger's signature under the server's key id", ({ receipt, key_id }) => ({ ...new CustodyKey().sign(receipt), key_id }), 'custody.bad_signature'],
] as [string, (file: FakeReceipt) => object, string][])('%s: nothing is let go, and it is in sight on the phone and at the office [I20 I27 × F8 F9]', async (_, spoil, fault) => {
  const { server, phone, letGo } = await readyToGo()
  const file = server.issueReceipt('insp:42')
  server.receiptsOf.set('insp:42', spoil(file))
  expect(await fetchReceipts(phone.db, phone.net)).toEqual({ kind: 'done' })
  expect(await letGo()).toEqual([0, 0])
  expect(await readCustody(phone.db, 'insp:42')).toMatchObject({ kept: null, refused: { fault } })
  expect((await readQueue(phone.db)).matters.map((one) => one.kind)).toEqual(['receipt'])
  expect((await readHeartbeat(phone.db, '1.0.0', '')).attention).toBe(1)
  expect((await readLog(phone.db)).map((line) => line.what)).toEqual(['custody.refused'])
  // It is asked for again, not every minute, and the good one takes its place.
  const asked = askedFor(server)
  server.receiptsOf.set('insp:42', file)
  await fetchReceipts(phone.db, phone.net)
  expect(askedFor(server)).toBe(asked)
  phone.clock += RECHECK_MS
  await fetchReceipts(phone.db, phone.net)
  expect(await readCustody(phone.db, 'insp:42')).toMatchObject({ kept: { isChecked: true }, refused: null })
  expect((await countWork(phone.db)).attention).toBe(0)
  expect(await letGo()).toEqual([2, 1])
})

test('a spoilt answer does not take the place of the good receipt before it, and stops what that one allowed [I20 × F9]', async () => {
  const { server, phone, letGo } = await readyToGo()
  server.durable = 0
  await phone.pullAll()
  await phone.takeReceipt()
  const good = server.receiptsOf.get('insp:42')
  await phone.answer('PAX-03', { note: '晋' })
  await phone.pushAll()
  const { receipt } = server.issueReceipt('insp:42')
  server.receiptsOf.set('insp:42', new CustodyKey().sign(receipt))
  await fetchReceipts(phone.db, phone.net)
  expect(await readCustody(phone.db, 'insp:42')).toMatchObject({ kept: { file: good, isChecked: true }, refused: { fault: 'custody.unknown_key' } })
  server.durable = 3
  await phone.pullAll()
  expect(await letGo()).toEqual([0, 0])
})

test('keys are learned once, before the first receipt, and kept; a changed key is learned when a receipt names it', async () => {
  const { server, phone } = await connected()
  await fetchReceipts(phone.db, phone.net)
  await fetchReceipts(phone.db, phone.net)
  expect(keysAskedFor(server)).toBe(1)
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  await phone.takeReceipt() // checked with what is kept: nobody is asked
  expect(keysAskedFor(server)).toBe(1)
  expect((await readCustody(phone.db, 'insp:42'))!.kept!.isChecked).toBe(true)
  server.custodyKeys.push(new CustodyKey())
  await phone.answer('PAX-03', { note: '晋' })
  await phone.pushAll()
  await phone.takeReceipt()
  expect(keysAskedFor(server)).toBe(2)
  expect(await readCustody(phone.db, 'insp:42')).toMatchObject({ kept: { isChecked: true, file: { key_id: server.custodyKeys[1]!.listed.key_id } }, refused: null })
  expect(Object.keys(await readKeys(phone.db)).length).toBe(2)
})

test('a list that gives a known id another key, or is no list, changes no kept key', async () => {
  const { server, phone } = await connected()
  const [own] = server.custodyKeys
  await fetchReceipts(phone.db, phone.net)
  const before = await readKeys(phone.db)
  expect(before).toEqual({ [own!.listed.key_id]: own!.listed.public_key })
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  for (const keys of [[{ ...new CustodyKey().listed, key_id: own!.listed.key_id }], [null, 7, {}], null, 'x']) {
    server.receiptsOf.set('insp:42', new CustodyKey().sign(server.issueReceipt('insp:42').receipt))
    server.faults = [() => null, () => Response.json({ keys })]
    await phone.db.delete('custody', 'insp:42')
    await fetchReceipts(phone.db, phone.net)
    expect(await readKeys(phone.db)).toEqual(before)
    expect((await readCustody(phone.db, 'insp:42'))!.refused!.fault).toBe('custody.unknown_key')
  }
})

test('while the list of keys does not come, a receipt of a new key is neither taken nor refused [F1 F8]', async () => {
  const { server, phone } = await connected()
  await fetchReceipts(phone.db, phone.net)
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  server.custodyKeys.push(new CustodyKey())
  for (const fault of ['lost-request', 'portal'] as const) {
    server.faults = [() => null, fault]
    expect(await phone.takeReceipt()).toMatchObject({ kind: 'later' })
    expect(await readCustody(phone.db, 'insp:42')).toBeNull()
  }
  await phone.takeReceipt()
  expect((await readCustody(phone.db, 'insp:42'))!.kept!.isChecked).toBe(true)
})

test('a receipt an older app kept unchecked lets nothing go until it was fetched again and checked [I20 × F23]', async () => {
  const { server, phone, letGo } = await readyToGo()
  await phone.takeReceipt()
  const { is_checked, ...old } = (await phone.db.get('custody', 'insp:42'))!
  expect(is_checked).toBe(true)
  await phone.db.put('custody', old)
  expect(await letGo()).toEqual([0, 0])
  expect((await readCustody(phone.db, 'insp:42'))!.kept!.isChecked).toBe(false)
  const asked = askedFor(server)
  await fetchReceipts(phone.db, phone.net)
  expect(askedFor(server)).toBe(asked + 1)
  expect(await letGo()).toEqual([2, 1])
})

test('without any receipt no operation of an inspection goes [I20]', async () => {
  const { letGo } = await readyToGo()
  expect(await letGo()).toEqual([0, 0])
})

test('asked to free room, the phone lets go of what is proven received and of nothing else [I20]', async () => {
  const { phone } = await readyToGo()
  expect(await freeAllProven(phone.db, 1)).toEqual({ photos: 0, bytes: 0 }) // sent and stored, but no receipt
  await phone.takeReceipt()
  const [sent] = await phone.db.getAll('photos_meta')
  await attachPhoto(phone) // taken since, still waiting
  expect(await freeAllProven(phone.db, 1)).toEqual({ photos: 1, bytes: sent!.bytes })
  expect(await phone.db.getAllKeys('photo_bytes')).toHaveLength(1)
  expect(await freeAllProven(phone.db, 2)).toEqual({ photos: 0, bytes: 0 })
})
