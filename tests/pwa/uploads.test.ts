import { expect, test } from 'vitest'
import { hashBytes } from '@/net/tus'
import { recordOps } from '@/storage/outbox'
import { verifyStoredPhoto } from '@/storage/photos'
import { readQueue } from '@/storage/read-queue'
import { countWork } from '@/sync/counts'
import { giveUpPhoto, newUploadPace, reopenLostPhotos, uploadOnce } from '@/sync/uploads'
import type { Outcome } from '@/sync/outcome'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone, type Phone } from './phone'
import { attachPhoto } from './photo'

const BYTES = 600_000

async function withPhoto() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  const bytes = crypto.getRandomValues(new Uint8Array(65_536))
  const whole = new Uint8Array(BYTES).map((_, i) => bytes[i % 65_536]! ^ (i >> 16)).buffer
  const sha256 = await hashBytes(whole)
  const entity = 'answer:tr/PAX-01'
  const photo = { sha256, bytes: BYTES, mime: 'image/jpeg', width: 10, height: 10, manifest: { at: '', clock_offset_ms: 0, place: null, officer_id: 3, device: '', source: 'camera' as const } }
  const meta = {
    sha256, space: 'insp:42', entity, bytes: BYTES, mime: 'image/jpeg', width: 10, height: 10, thumb: null, taken_at: '2026-03-04',
    state: 'waiting' as const, upload_url: null, offset: 0, tries: 0, next_try: 0, error: null, done_at: null,
  }
  await recordOps(phone.db, [{ kind: 'photo.attach', space: 'insp:42', entity, photo }], { meta, bytes: whole })
  return { server, phone, sha256 }
}

async function upload(phone: Phone): Promise<Outcome> {
  for (let turn = 0; turn < 10; turn += 1) {
    const outcome = await uploadOnce(phone.db, phone.net, newUploadPace(), () => 0)
    if (outcome.kind !== 'again') return outcome
  }
  throw new Error('no end in sight')
}

const metaOf = async (phone: Phone, sha256: string) => (await phone.db.get('photos_meta', sha256))!

test('bytes, hash and operation are stored together and read back equal', async () => {
  const { phone, sha256 } = await withPhoto()
  expect(await verifyStoredPhoto(phone.db, sha256)).toBe(true)
  expect((await phone.outbox())[0]!.body).toMatchObject({ kind: 'photo.attach', photo: { sha256 }, base: { attached: null } })
  expect((await metaOf(phone, sha256)).op).toBe((await phone.outbox())[0]!.op)
})

test('bytes that changed in the store are not called saved [I25 × F19]', async () => {
  const { phone, sha256 } = await withPhoto()
  const bytes = (await phone.db.get('photo_bytes', sha256))!
  new Uint8Array(bytes)[7]! ^= 1
  await phone.db.put('photo_bytes', bytes, sha256)
  expect(await verifyStoredPhoto(phone.db, sha256)).toBe(false)
})

test('nothing is sent before the server knows the operation that promised it', async () => {
  const { server, phone, sha256 } = await withPhoto()
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.uploads.size).toBe(0)
  await phone.pushAll()
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.blobs.get(sha256)?.length).toBe(BYTES)
  expect((await metaOf(phone, sha256)).state).toBe('done')
})

test('an upload goes on from where the server is, after a lost answer and a restart [I12 I19 × F2]', async () => {
  const { server, phone, sha256 } = await withPhoto()
  await phone.pushAll()
  const lose = (path: string) => (path.startsWith('/api/v1/files/') ? null : null)
  server.faults = [lose, 'lost-answer'] // creation, then the first chunk is stored and its answer lost
  expect((await upload(phone)).kind).toBe('offline')
  const meta = await metaOf(phone, sha256)
  expect(meta.upload_url).toBe('/api/v1/files/1')
  expect(meta.offset).toBe(0)
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.uploads.size).toBe(1)
  expect(await hashBytes(server.blobs.get(sha256)!.slice().buffer)).toBe(sha256)
})

test('401 keeps the address of the upload [I19 × F24]', async () => {
  const { server, phone, sha256 } = await withPhoto()
  await phone.pushAll()
  server.faults = [() => null, 401]
  expect(await upload(phone)).toEqual({ kind: 'sign-in' })
  expect((await metaOf(phone, sha256)).upload_url).toBe('/api/v1/files/1')
})

test.each([404, 410])('%d makes a new upload from 0', async (status) => {
  const { server, phone, sha256 } = await withPhoto()
  await phone.pushAll()
  server.faults = [() => null, status]
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.uploads.size).toBe(2)
  expect(server.blobs.has(sha256)).toBe(true)
})

test('423 waits and starts no second upload [I19 × F20]', async () => {
  const { server, phone, sha256 } = await withPhoto()
  await phone.pushAll()
  server.faults = [() => null, 423]
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.uploads.size).toBe(1)
  phone.clock += 600_000
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.uploads.size).toBe(1)
  expect(server.blobs.has(sha256)).toBe(true)
})

test.each([-86_400_000, -1_000_000])('a rest ends although the clock was set back by %d ms [I12 × F22]', async (back) => {
  const { server, phone, sha256 } = await withPhoto()
  await phone.pushAll()
  server.faults = [() => null, () => null, 413] // created, first chunk stored, then "not this": it rests an hour
  await upload(phone)
  const rest = (await metaOf(phone, sha256)).next_try - phone.clock
  expect(rest).toBe(3_600_000)
  phone.clock += 3_599_000
  await upload(phone)
  expect(server.blobs.has(sha256)).toBe(false)
  phone.clock += back - 3_599_000
  await upload(phone)
  expect(server.blobs.has(sha256)).toBe(true)
})

test('460 sends the chunk again', async () => {
  const { server, phone, sha256 } = await withPhoto()
  await phone.pushAll()
  server.faults = [() => null, 460]
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.blobs.has(sha256)).toBe(true)
})

test('bytes the server knows already are complete at once', async () => {
  const { server, phone, sha256 } = await withPhoto()
  server.blobs.set(sha256, new Uint8Array())
  await phone.pushAll()
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.requests.some((one) => one.method === 'PATCH')).toBe(false)
  expect((await metaOf(phone, sha256)).state).toBe('done')
})

test('bytes the store no longer gives are asked for again from the officer; operation and other photos go their way [I12 I27 × F19]', async () => {
  const { server, phone, sha256 } = await withPhoto()
  const second = await attachPhoto(phone)
  await phone.db.delete('photo_bytes', sha256)
  await phone.pushAll()
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.blobs.has(second)).toBe(true)
  expect((await metaOf(phone, sha256)).error).toBe('photo.bytes_gone')
  expect(server.ledger.length).toBe(2)
  expect((await countWork(phone.db)).attention).toBe(1)
  expect((await readQueue(phone.db)).matters.map((one) => one.kind)).toEqual(['photo'])
  await giveUpPhoto(phone.db, sha256)
  expect(await countWork(phone.db)).toMatchObject({ attention: 0, photos: 0 })
})

test('bytes that no longer hash to their name never leave the phone [I18 I12 × F19]', async () => {
  const { server, phone, sha256 } = await withPhoto()
  const bytes = (await phone.db.get('photo_bytes', sha256))!
  new Uint8Array(bytes)[7]! ^= 1
  await phone.db.put('photo_bytes', bytes, sha256)
  await phone.pushAll()
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.uploads.size).toBe(0)
  expect((await metaOf(phone, sha256)).error).toBe('photo.bytes_damaged')
})

test('a photo store that throws for one photo holds nothing up [I12 × F19]', async () => {
  const { server, phone, sha256 } = await withPhoto()
  const second = await attachPhoto(phone)
  await phone.pushAll()
  const unreadable = new Proxy(phone.db, {
    get: (db, name) => {
      const value = Reflect.get(db, name, db) as unknown
      if (name !== 'get') return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(db) : value
      return (store: 'photo_bytes', key: string) =>
        store === 'photo_bytes' && key === sha256 ? Promise.reject(new DOMException('', 'NotReadableError')) : db.get(store, key)
    },
  })
  for (let turn = 0; turn < 3; turn += 1) await uploadOnce(unreadable, phone.net, newUploadPace(), () => 0)
  expect(server.blobs.has(second)).toBe(true)
  expect((await metaOf(phone, sha256)).error).toBe('photo.bytes_gone')
})

test.each([200_000, -86_400_000])('a photo the server has lost again waits again, with the clock moved by %d ms [I12 × F22]', async (moved) => {
  const { phone, sha256 } = await withPhoto()
  await phone.pushAll()
  await upload(phone)
  await phone.db.put('rows', { space: 'insp:42', id: `photo:${sha256}`, fields: { stored: false }, gone: false, seq: 9 } as never)
  await reopenLostPhotos(phone.db, phone.clock)
  expect((await metaOf(phone, sha256)).state).toBe('done') // what we pulled may be older than what we sent
  await reopenLostPhotos(phone.db, phone.clock + moved)
  expect((await metaOf(phone, sha256)).state).toBe('waiting')
})
