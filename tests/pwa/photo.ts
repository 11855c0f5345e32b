import { hashBytes } from '@/net/tus'
import { recordOps } from '@/storage/outbox'
import type { Phone } from './phone'

/** Attaches a photo of random bytes to PAX-01, as capturing does; answers its hash. */
export async function attachPhoto(phone: Phone, size = 3000, takenAt = ''): Promise<string> {
  const whole = new Uint8Array(size)
  crypto.getRandomValues(whole.subarray(0, 65_536)) // more it gives at no call
  const bytes = whole.buffer
  const sha256 = await hashBytes(bytes)
  const picture = { bytes: size, mime: 'image/jpeg', width: 10, height: 10 }
  const manifest = { at: '', clock_offset_ms: 0, place: null, officer_id: 3, device: '', source: 'camera' as const }
  const [space, entity] = ['insp:42', 'answer:tr/PAX-01']
  const state = { state: 'waiting' as const, upload_url: null, offset: 0, tries: 0, next_try: 0, error: null, done_at: null }
  await recordOps(phone.db, [{ kind: 'photo.attach', space, entity, photo: { sha256, ...picture, manifest } }], {
    meta: { sha256, space, entity, ...picture, ...state, thumb: null, taken_at: takenAt },
    bytes,
  })
  return sha256
}
