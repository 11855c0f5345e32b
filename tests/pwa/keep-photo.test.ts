import { expect, test } from 'vitest'
import { makeUuid7 } from '@/domain/uuid'
import { findStoreFault } from '@/storage/atomic'
import { keepPhoto } from '@/sync/keep-photo'
import { newUploadPace, uploadOnce } from '@/sync/uploads'
import { FakeServer } from './fake-server'
import { fillDisk } from './full-disk'
import { assignInspection, makePhone, type Phone } from './phone'
import { attachPhoto } from './photo'

/** A disk without room for a photo until the bytes of another are deleted, at once or a moment later. */
function fillUntilFreed(later = 0): { restore(): void } {
  const full = fillDisk('photo_bytes')
  const real = IDBObjectStore.prototype.delete
  IDBObjectStore.prototype.delete = function (this: IDBObjectStore, key) {
    if (this.name === 'photo_bytes' && later > 0) setTimeout(full.restore, later)
    else if (this.name === 'photo_bytes') full.restore()
    return real.call(this, key)
  }
  return {
    restore() {
      IDBObjectStore.prototype.delete = real
      full.restore()
    },
  }
}

/** A phone with one photo; delivered, or still to be sent. */
async function withPhoto(isProven: boolean): Promise<{ phone: Phone; old: string }> {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  const old = await attachPhoto(phone)
  if (isProven) {
    await phone.pushAll()
    const pace = newUploadPace()
    while ((await uploadOnce(phone.db, phone.net, pace, () => 0)).kind === 'again');
    await phone.pullAll()
    await phone.takeReceipt()
  }
  return { phone, old }
}

const bytes = new Uint8Array(1000).buffer
const facts = { sha256: 'f'.repeat(64), bytes: 1000, mime: 'image/jpeg', width: 1, height: 1 }
const at = { space: 'insp:42', entity: 'answer:tr/PAX-01' }
const manifest = { at: '', clock_offset_ms: 0, place: null, officer_id: 3, device: '', source: 'camera' as const }
const draft = () => ({ op: makeUuid7(), kind: 'photo.attach' as const, ...at, photo: { ...facts, manifest } })
const meta = {
  ...facts, ...at, thumb: null, taken_at: '', state: 'waiting' as const, upload_url: null, offset: 0, tries: 0, next_try: 0, error: null,
  done_at: null,
}
const kept = (phone: Phone) => phone.db.getAllKeys('photo_bytes')

test.each([0, 100])('a full disk lets go of a photo that is proven received, and the new one is kept once (room after %d ms) [I20 I25 × F18]', async (later) => {
  const { phone, old } = await withPhoto(true)
  const before = (await phone.outbox()).length
  const full = fillUntilFreed(later)
  await keepPhoto(phone.db, draft(), { meta, bytes }, 7)
  full.restore()
  expect(await kept(phone)).toEqual([meta.sha256])
  expect((await phone.db.get('photos_meta', old))!.freed_at).toBe(7)
  expect((await phone.outbox()).length).toBe(before + 1)
})

test('a full disk with nothing proven received keeps what there is and refuses the new photo [I20 I25 × F18]', async () => {
  const { phone, old } = await withPhoto(false)
  const before = await phone.outbox()
  const full = fillUntilFreed()
  const failure = await keepPhoto(phone.db, draft(), { meta, bytes }, 7).catch((error: unknown) => error)
  full.restore()
  expect(findStoreFault(failure)).toBe('full')
  expect(await kept(phone)).toEqual([old])
  expect(await phone.outbox()).toEqual(before)
})
