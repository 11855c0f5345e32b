import { readHeicSize } from './heic'

/** The largest file and picture the server takes; larger ones are refused at once, with the reason. */
export const MAX_PHOTO_BYTES = 20 * 1024 * 1024
export const MAX_PHOTO_PIXELS = 40_000_000

export interface PictureHead {
  mime: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/heic'
  width: number
  height: number
}

/**
 * Kind and size from the first bytes, without decoding: a 200-megapixel file must be refused before the phone
 * tries to hold it in memory. `null` when the bytes are none of the kinds a phone's camera makes.
 */
export function readPictureHead(bytes: Uint8Array): PictureHead | null {
  if (bytes.length < 30) return null
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpeg(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0) === 0x89504e47) {
    return { mime: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
  }
  if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return readWebp(bytes, view)
  const heic = readHeicSize(bytes)
  return heic && { mime: 'image/heic', ...heic }
}

function readJpeg(bytes: Uint8Array): PictureHead | null {
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at += 1 // fill byte
      continue
    }
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    // SOF0…SOF15 carry the size; C4, C8 and CC share the range and mean something else.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return {
        mime: 'image/jpeg',
        height: (bytes[at + 5]! << 8) | bytes[at + 6]!,
        width: (bytes[at + 7]! << 8) | bytes[at + 8]!,
      }
    }
    if (marker === 0xda) return null
    at += 2 + length
  }
  return null
}

function readWebp(bytes: Uint8Array, view: DataView): PictureHead | null {
  const kind = String.fromCharCode(...bytes.subarray(12, 16))
  if (kind === 'VP8X') {
    const width = 1 + (bytes[24]! | (bytes[25]! << 8) | (bytes[26]! << 16))
    const height = 1 + (bytes[27]! | (bytes[28]! << 8) | (bytes[29]! << 16))
    return { mime: 'image/webp', width, height }
  }
  if (kind === 'VP8 ') {
    return { mime: 'image/webp', width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { mime: 'image/webp', width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  return null
}
