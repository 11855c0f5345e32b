import { expect, test } from 'vitest'
import { hashBytes } from '@/net/tus'
import { newUploadPace, uploadOnce, type UploadPace } from '@/sync/uploads'
import type { Outcome } from '@/sync/outcome'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone, type Phone } from './phone'
import { attachPhoto } from './photo'

/** A phone whose photos of these sizes are promised. */
async function withPhotos(...sizes: number[]) {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  const photos = []
  for (const [n, size] of sizes.entries()) photos.push(await attachPhoto(phone, size, `2026-03-0${n + 1}`))
  await phone.pushAll()
  server.requests = []
  return { server, phone, photos }
}

async function upload(phone: Phone, pace: UploadPace = newUploadPace()): Promise<Outcome> {
  for (let turn = 0; turn < 10; turn += 1) {
    const outcome = await uploadOnce(phone.db, phone.net, pace, () => 0)
    if (outcome.kind !== 'again') return outcome
  }
  throw new Error('no end in sight')
}

const asked = (server: FakeServer) => server.requests.map((one) => `${one.method}${one.body ? '+' : ''}`)
const metaOf = async (phone: Phone, sha256: string) => (await phone.db.get('photos_meta', sha256))!

async function expectStored(server: FakeServer, sha256: string): Promise<void> {
  expect(await hashBytes(server.blobs.get(sha256)!.slice().buffer)).toBe(sha256)
}

test('a small photo goes with its creation, in one request', async () => {
  const { server, phone, photos } = await withPhotos(3000)
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(asked(server)).toEqual(['POST+'])
  await expectStored(server, photos[0]!)
  expect(await metaOf(phone, photos[0]!)).toMatchObject({ state: 'done', offset: 3000, upload_url: '/api/v1/files/1' })
})

test('a photo larger than a chunk is announced first, until the network has proved quick', async () => {
  const { server, phone, photos } = await withPhotos(300_000, 400_000)
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(asked(server)).toEqual(['POST', 'PATCH+', 'PATCH+', 'POST+'])
  for (const one of photos) await expectStored(server, one)
})

test('a slow answer, or none, makes the next photo be announced first again', async () => {
  const { server, phone } = await withPhotos(300_000, 300_000)
  const pace: UploadPace = { chunk: 512 * 1024, goesAlong: true }
  server.faults = ['lost-request']
  expect((await upload(phone, pace)).kind).toBe('offline')
  expect(pace.chunk).toBe(256 * 1024)
  pace.chunk = 512 * 1024
  server.faults = [() => ((phone.clock += 10_000), null)]
  server.requests = []
  expect(await upload(phone, pace)).toEqual({ kind: 'done' })
  expect(asked(server).slice(0, 3)).toEqual(['POST+', 'POST', 'PATCH+'])
})

test('an answer lost after the photo was stored loses and doubles nothing [I12 I18 × F2]', async () => {
  const { server, phone, photos } = await withPhotos(3000)
  server.faults = ['lost-answer']
  expect((await upload(phone)).kind).toBe('offline')
  expect(await metaOf(phone, photos[0]!)).toMatchObject({ state: 'waiting', upload_url: null, offset: 0 })
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.uploads.size).toBe(1)
  await expectStored(server, photos[0]!)
  expect((await metaOf(phone, photos[0]!)).state).toBe('done')
})

test('where only a part arrived the phone goes on at its end [I19 × F1]', async () => {
  const { server, phone, photos } = await withPhotos(3000)
  server.arrives = 1000
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(asked(server)).toEqual(['POST+', 'PATCH+'])
  expect((server.requests[1]!.body as ArrayBuffer).byteLength).toBe(2000)
  await expectStored(server, photos[0]!)
})

test('a server that knows no bytes with a creation gets them afterwards', async () => {
  const { server, phone, photos } = await withPhotos(3000)
  server.along = 'ignored'
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(asked(server)).toEqual(['POST+', 'PATCH+'])
  await expectStored(server, photos[0]!)
})

test('bytes that were refused with a creation are not offered that way again [I12 × F11]', async () => {
  const { server, phone, photos } = await withPhotos(3000, 3000)
  server.along = 'refused'
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(asked(server)).toEqual(['POST+', 'POST', 'PATCH+', 'POST', 'PATCH+'])
  for (const one of photos) await expectStored(server, one)
})

test('a photo too large for the server rests; it is not offered twice', async () => {
  const { server, phone, photos } = await withPhotos(3000)
  server.faults = [() => Response.json({ error: { code: 'photo.too_many_bytes', message: '', details: {} } }, { status: 413 })]
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(asked(server)).toEqual(['POST+'])
  expect((await metaOf(phone, photos[0]!)).error).toBe('photo.too_many_bytes')
})

test('401 to bytes that came with a creation keeps everything [I20 × F24]', async () => {
  const { server, phone, photos } = await withPhotos(3000)
  server.faults = [401]
  expect(await upload(phone)).toEqual({ kind: 'sign-in' })
  expect(await metaOf(phone, photos[0]!)).toMatchObject({ state: 'waiting', tries: 0 })
  expect(await upload(phone)).toEqual({ kind: 'done' })
  await expectStored(server, photos[0]!)
})

test('bytes that no longer hash to their name do not leave with a creation either [I18 × F19]', async () => {
  const { server, phone, photos } = await withPhotos(3000)
  await phone.db.put('photo_bytes', new ArrayBuffer(3000), photos[0]!)
  expect(await upload(phone)).toEqual({ kind: 'done' })
  expect(server.requests).toEqual([])
  expect((await metaOf(phone, photos[0]!)).error).toBe('photo.bytes_damaged')
})
