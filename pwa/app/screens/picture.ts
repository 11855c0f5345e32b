import type { PhotoModel } from '@/sync/inspection-view'
import { db } from './store'

/** A phone of four years holds a few of these at a time, and no more is seen on its screen. */
export const LONGEST_SIDE = 2560

/** Why a photo cannot be shown here and now. */
export type NotShown = 'waiting' | 'offline' | 'heic' | 'broken'

/**
 * The photo as a canvas, upright and of bounded size: from this phone's own bytes, else from the server. The bytes
 * themselves are read and never touched.
 */
export async function openPicture(photo: PhotoModel): Promise<HTMLCanvasElement | NotShown> {
  const bytes = await db().get('photo_bytes', photo.sha256).catch(() => undefined)
  if (bytes) {
    const own = await draw(new Blob([bytes], { type: photo.mime }))
    if (own) return own
    if (!photo.isStored) return photo.mime === 'image/heic' ? 'heic' : 'broken'
  }
  if (!photo.isStored) return 'waiting'
  const answer = await fetch(`/api/v1/photos/${photo.sha256}/view`).catch(() => null)
  if (!answer?.ok) return 'offline'
  return (await draw(await answer.blob())) ?? 'broken'
}

async function draw(blob: Blob): Promise<HTMLCanvasElement | null> {
  const bitmap = await createImageBitmap(blob).catch(() => null)
  if (!bitmap) return null
  const canvas = shrink(bitmap, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height))
  bitmap.close()
  return canvas
}

/** A canvas of this share of the picture's size, at most the whole. */
export function shrink(picture: ImageBitmap | HTMLCanvasElement, share: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  const scale = Math.min(1, share)
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

export function asJpeg(canvas: HTMLCanvasElement, quality = 0.88): Promise<Blob> {
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob && blob.size > 0 ? done(blob) : fail(new Error('the canvas gave no picture'))), 'image/jpeg', quality)
  })
}
