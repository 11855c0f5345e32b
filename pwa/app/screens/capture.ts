import type { DocumentPage } from '@/domain/evidence'
import type { Mark } from '@/domain/marks'
import { MAX_PHOTO_BYTES, MAX_PHOTO_PIXELS, readPictureHead } from '@/domain/picture'
import { formatLocalTime } from '@/domain/time'
import { makeUuid7 } from '@/domain/uuid'
import { hashBytes } from '@/net/tus'
import { verifyStoredPhoto } from '@/storage/photos'
import { hasRoomFor } from '@/storage/room'
import type { SheetModel } from '@/sync/inspection-view'
import { keepPhoto } from '@/sync/keep-photo'
import { findPlace } from './place'
import { app, noteWrite, writing } from './store'
import { trackWrite } from './writes'

const THUMB_SIDE = 320

/** A photo that was not taken; `code` is a catalogue key that says why. */
export class PhotoRefused extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}

/** Where a picture comes from; `marked` is drawn on a copy of the photo `of`, which stays as it was. */
export type Origin = { source: 'camera' | 'gallery'; document?: DocumentPage } | { source: 'marked'; of: string; marks: Mark[] }

/**
 * Keeps a photo as evidence: the untouched bytes, their hash and the operation in one strict transaction, then
 * read back and hashed again. Resolves only when that is true. Nothing is scaled down: the original is evidence.
 */
export async function capturePhoto(sheet: SheetModel, item: string, file: File, origin: Origin): Promise<void> {
  if (file.size === 0) throw new PhotoRefused('photo.empty')
  if (file.size > MAX_PHOTO_BYTES) throw new PhotoRefused('photo.too_many_bytes')
  if (!(await hasRoomFor(file.size))) throw new PhotoRefused('photo.no_room')
  const bytes = await file.arrayBuffer()
  const head = readPictureHead(new Uint8Array(bytes))
  if (!head) throw new PhotoRefused('photo.not_picture')
  if (head.width * head.height > MAX_PHOTO_PIXELS) throw new PhotoRefused('photo.too_many_pixels')
  const thumb = await makeThumb(bytes, head.mime)
  const sha256 = await hashBytes(bytes)
  if (sheet.photos[item]?.some((photo) => photo.sha256 === sha256)) throw new PhotoRefused('photo.doubled')

  const entity = `answer:${sheet.code}/${item}`
  const at = formatLocalTime(origin.source === 'gallery' ? file.lastModified || Date.now() : Date.now())
  const { mime, width, height } = head
  const draft = {
    kind: 'photo.attach' as const,
    space: sheet.space,
    entity,
    photo: {
      sha256,
      bytes: bytes.byteLength,
      mime,
      width,
      height,
      manifest: {
        at,
        clock_offset_ms: app.server?.clock_off_ms ?? 0,
        // a copy is drawn anywhere; where the photo was taken its original says
        place: origin.source === 'marked' ? null : await findPlace(),
        officer_id: app.profile?.officer?.id ?? null,
        device: app.deviceName,
        ...origin,
      },
    },
  }
  const meta = {
    sha256, space: sheet.space, entity, bytes: bytes.byteLength, mime, width, height, thumb, taken_at: at,
    state: 'waiting' as const, upload_url: null, offset: 0, tries: 0, next_try: 0, error: null, done_at: null,
  }
  const named = { ...draft, op: makeUuid7() }
  await trackWrite(writing((store) => keepPhoto(store, named, { meta, bytes }, Date.now())))
  if (!(await writing((store) => verifyStoredPhoto(store, sha256)))) throw new PhotoRefused('photo.not_kept')
  noteWrite(1, 1)
}

/**
 * A small JPEG for the screen. A file whose bytes cannot be drawn is no picture, whatever its head says; but a HEIC,
 * which most browsers cannot draw: the server will, and judges it.
 */
async function makeThumb(bytes: ArrayBuffer, mime: string): Promise<ArrayBuffer | null> {
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(new Blob([bytes], { type: mime }))
  } catch {
    if (mime === 'image/heic') return null
    throw new PhotoRefused('photo.not_picture')
  }
  const scale = Math.min(1, THUMB_SIDE / Math.min(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(bitmap.width * scale)
  canvas.height = Math.round(bitmap.height * scale)
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.7))
  return blob ? blob.arrayBuffer() : new ArrayBuffer(0)
}
