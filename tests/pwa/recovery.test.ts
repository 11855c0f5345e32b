// @vitest-environment happy-dom
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import { listKept } from '@/recovery/stores'
import { sendQueue } from '@/recovery/sending'
import { WORDS } from '@/recovery/words'
import { putDevice } from '@/storage/device'
import { openAsIs } from '@/storage/open-as-is'
import { listOthersUnsent } from '@/storage/others'
import { putServerState } from '@/storage/state'
import { takeLease } from '@/sync/leader'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'
import { attachPhoto } from './photo'

const free = { request: (_: string, __: object, run: (lock: object | null) => unknown) => Promise.resolve(run({})) } as unknown as LockManager
const held = { request: (_: string, __: object, run: (lock: object | null) => unknown) => Promise.resolve(run(null)) } as unknown as LockManager

async function withWork() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  await phone.answer('PAX-01', { value: 'fail' })
  const sha256 = await attachPhoto(phone)
  return { server, phone, sha256, personId: Number(phone.db.name.split('-')[1]) }
}

test('every person kept on this phone is found with what is unsent, and looking changes nothing [I17 I25 × F23]', async () => {
  const { phone, personId } = await withWork()
  await putDevice('zhang', 'dev_a', personId)
  const version = phone.db.version
  const kept = (await listKept()).find((one) => one.personId === personId)!
  expect(kept).toMatchObject({ account: 'zhang', ops: 2, photos: 1, why: '' })
  expect(kept.db!.version).toBe(version)
  kept.db!.close()
})

test('stores of an older app are opened as they are, without an upgrade [I24 × F23]', async () => {
  const old = await openDB('suicha-90001', 1, {
    upgrade(db) {
      const outbox = db.createObjectStore('outbox', { keyPath: 'seq' })
      outbox.createIndex('op', 'op', { unique: true })
      db.createObjectStore('photos_meta', { keyPath: 'sha256' }).createIndex('state', 'state')
      db.createObjectStore('photo_bytes')
      db.createObjectStore('contacts', { autoIncrement: true })
      db.createObjectStore('meta')
    },
  })
  await old.put('outbox', { seq: 1, op: 'a', result: null, body: { op: 'a', seq: 1 } })
  old.close()
  const kept = (await listKept()).find((one) => one.personId === 90_001)!
  expect(kept).toMatchObject({ ops: 1, photos: 0 })
  expect(kept.db!.version).toBe(1)
  kept.db!.close()
})

test('a person without stores leaves none behind', async () => {
  expect(await openAsIs('suicha-99999')).toBeNull()
  expect((await indexedDB.databases()).map((one) => one.name)).not.toContain('suicha-99999')
})

test('the queue goes by the same push code, photos too [I1 I12 × F23]', async () => {
  const { server, phone, sha256, personId } = await withWork()
  expect(await sendQueue(phone.db, personId, phone.net, free)).toEqual({ kind: 'done' })
  expect(server.ledger.length).toBe(2)
  expect(server.blobs.has(sha256)).toBe(true)
})

test('while the app talks in another window the page sends nothing [I26 × F20]', async () => {
  const { server, phone, personId } = await withWork()
  const before = server.requests.length
  expect(await sendQueue(phone.db, personId, phone.net, held)).toEqual({ kind: 'busy' })
  await takeLease(phone.db, 'the app', Date.now(), true)
  expect(await sendQueue(phone.db, personId, phone.net, undefined)).toEqual({ kind: 'busy' })
  expect(server.requests.length).toBe(before)
})

test("another person's session in this browser sends nothing and asks to sign in [I23 × F24]", async () => {
  const { server, phone, personId } = await withWork()
  server.cookie = 9
  expect(await sendQueue(phone.db, personId, phone.net, free)).toEqual({ kind: 'sign-in' })
  expect(server.pushedBy).toEqual([])
})

test('a revoked phone hands on its queue from here too [I17 × F33]', async () => {
  const { server, phone, sha256, personId } = await withWork()
  await phone.db.put('meta', 'push-secret', 'push_credential')
  await putServerState(phone.db, { is_revoked: true })
  server.isRevoked = true
  expect(await sendQueue(phone.db, personId, phone.net, free)).toEqual({ kind: 'done' })
  expect((await phone.outbox()).map((entry) => entry.result?.status)).toEqual(['forbidden', 'forbidden'])
  expect(server.blobs.has(sha256)).toBe(true)
})

test('both languages say the same things', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()
  expect(Object.keys(WORDS.en).sort()).toEqual(Object.keys(WORDS.zh_CN).sort())
  for (const [word, text] of Object.entries(WORDS.zh_CN)) {
    expect(holes(WORDS.en[word as keyof typeof WORDS.en])).toEqual(holes(text))
    expect(WORDS.en[word as keyof typeof WORDS.en]).not.toMatch(/[一-鿿]/)
  }
})

test('who signs in next is told whose work this phone still holds, and how much, until it is delivered [I25 × F24]', async () => {
  const { phone, personId } = await withWork()
  await putDevice('zhang-of-before', 'dev_b', personId, { name: '张三' })
  await putDevice('nobody', 'dev_c', 99_998)
  expect((await listOthersUnsent(personId)).map((one) => one.name)).not.toContain('张三')
  expect(await listOthersUnsent(4_711)).toContainEqual({ name: '张三', n: 3 })
  expect((await indexedDB.databases()).map((one) => one.name)).not.toContain('suicha-99998')
  await sendQueue(phone.db, personId, phone.net, free)
  expect((await listOthersUnsent(4_711)).map((one) => one.name)).not.toContain('张三')
})
