import { expect, test } from 'vitest'
import { sha256Hex, toHex } from '@/domain/sha256'
import { crc32, ZipWriter } from '@/domain/zip'
import { hashBytes } from '@/net/tus'
import { exportUnsent } from '@/storage/export'
import type { Op } from '@/sync/operation'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'
import { attachPhoto } from './photo'

/** Reads a stored-only ZIP by its central directory, as any unpacker would, and checks every CRC. */
async function unzip(zip: Blob): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const bytes = new Uint8Array(await zip.arrayBuffer())
  const view = new DataView(bytes.buffer)
  const end = bytes.length - 22
  expect(view.getUint32(end, true)).toBe(0x06054b50)
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  let at = view.getUint32(end + 16, true)
  for (let n = 0; n < view.getUint16(end + 10, true); n += 1) {
    expect(view.getUint32(at, true)).toBe(0x02014b50)
    const [size, nameLength, local] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true), view.getUint32(at + 42, true)]
    const name = new TextDecoder().decode(bytes.slice(at + 46, at + 46 + nameLength))
    const content = bytes.slice(local + 30 + nameLength, local + 30 + nameLength + size)
    expect(crc32(content)).toBe(view.getUint32(at + 16, true))
    expect(new TextDecoder().decode(bytes.slice(local + 30, local + 30 + nameLength))).toBe(name)
    files.set(name, content)
    at += 46 + nameLength
  }
  return files
}
const readJson = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes)) as T

async function withWork() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.db.put('meta', 'push-secret', 'push_credential')
  await phone.pullAll()
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  await phone.answer('PAX-03', { note: '晋E12345' })
  const sha256 = await attachPhoto(phone)
  return { server, phone, sha256 }
}

test('the CRC is the one ZIP means', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
})

test('an empty archive and names beyond ASCII are read back', async () => {
  expect((await unzip(new ZipWriter().finish())).size).toBe(0)
  const zip = new ZipWriter()
  zip.add('照片/一.jpg', new Uint8Array([1, 2, 3]))
  expect([...(await unzip(zip.finish()))]).toEqual([['照片/一.jpg', new Uint8Array([1, 2, 3])]])
})

test('the file holds the unsent operations in order and the photos, sealed with the credential [I1 I25 × F17 F33]', async () => {
  const { phone, sha256 } = await withWork()
  const made = await exportUnsent(phone.db, 'zhang', '1.0.0', Date.parse('2026-03-04T10:00:00Z'))
  expect(made).toMatchObject({ ops: 2, photos: 1, unreadable: 0 })
  const files = await unzip(made.zip)
  expect([...files.keys()]).toEqual(['manifest.json', 'ops.json', `photos/${sha256}`])
  const text = files.get('ops.json')!
  expect(readJson<Op[]>(text).map((op) => [op.seq, op.kind])).toEqual([[2, 'answer.set'], [3, 'photo.attach']])
  expect(await hashBytes(files.get(`photos/${sha256}`)!.buffer)).toBe(sha256)
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(sha256Hex('push-secret')), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  expect(readJson(files.get('manifest.json')!)).toEqual({
    format: 'suicha-unsent/1', device: 'dev_a', account: 'zhang', epoch: 'ep_1', made_at: '2026-03-04T10:00:00.000Z', app: '1.0.0',
    ops: 2, photos: 1, ops_sha256: await hashBytes(text.buffer), mac: toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, text))),
  })
  expect((await phone.outbox()).length).toBe(3) // a file is a copy: everything stays
})

test('a photo that cannot be read keeps nothing else out of the file [I12 × F19]', async () => {
  const { phone, sha256 } = await withWork()
  await phone.db.delete('photo_bytes', sha256)
  const made = await exportUnsent(phone.db, 'zhang', '1.0.0', 0)
  expect(made).toMatchObject({ ops: 2, photos: 0, unreadable: 1 })
  expect((await unzip(made.zip)).size).toBe(2)
})

test('a phone without a credential makes a file without a seal', async () => {
  const { phone } = await withWork()
  await phone.db.delete('meta', 'push_credential')
  const files = await unzip((await exportUnsent(phone.db, 'zhang', '1.0.0', 0)).zip)
  expect(readJson(files.get('manifest.json')!)).not.toHaveProperty('mac')
})
