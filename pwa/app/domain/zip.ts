/** CRC-32 (ISO 3309) as ZIP wants it. */
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

const UTF8_NAMES = 0x0800
const VERSION = 20
/** 1980-01-01 00:00, the first moment a ZIP can name: the times of these files say nothing. */
const DOS_DATE = 0x21

/**
 * Writes a ZIP whose members are stored as they are, one after the other: photos do not shrink, and a file that can be
 * read without unpacking is worth more than a small one. No member or archive beyond 4 GiB (ZIP64) is written.
 */
export class ZipWriter {
  private readonly parts: BlobPart[] = []
  private readonly directory: Uint8Array<ArrayBuffer>[] = []
  private size = 0

  add(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.size + bytes.length > 0xffff_0000) throw new RangeError('a ZIP of more than 4 GiB')
    const path = new TextEncoder().encode(name)
    const crc = crc32(bytes)
    const at = this.size
    const local = record(30 + path.length, 0x04034b50, (view) => {
      writeShared(view, 4, crc, bytes.length, path.length)
    })
    local.set(path, 30)
    const central = record(46 + path.length, 0x02014b50, (view) => {
      view.setUint16(4, VERSION, true)
      writeShared(view, 6, crc, bytes.length, path.length)
      view.setUint32(42, at, true)
    })
    central.set(path, 46)
    // As a blob of its own each: the browser may keep it on disk while the next photo is read.
    this.parts.push(local, new Blob([bytes]))
    this.directory.push(central)
    this.size += local.length + bytes.length
  }

  finish(): Blob {
    const length = this.directory.reduce((sum, one) => sum + one.length, 0)
    const end = record(22, 0x06054b50, (view) => {
      view.setUint16(8, this.directory.length, true)
      view.setUint16(10, this.directory.length, true)
      view.setUint32(12, length, true)
      view.setUint32(16, this.size, true)
    })
    return new Blob([...this.parts, ...this.directory, end], { type: 'application/zip' })
  }
}

/** Version, flags, method 0 (stored), time, date, CRC, both sizes, length of the name: alike in both headers. */
function writeShared(view: DataView, at: number, crc: number, size: number, nameLength: number): void {
  view.setUint16(at, VERSION, true)
  view.setUint16(at + 2, UTF8_NAMES, true)
  view.setUint16(at + 8, DOS_DATE, true)
  view.setUint32(at + 10, crc, true)
  view.setUint32(at + 14, size, true)
  view.setUint32(at + 18, size, true)
  view.setUint16(at + 22, nameLength, true)
}

function record(length: number, signature: number, fill: (view: DataView) => void): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, signature, true)
  fill(view)
  return bytes
}
