/** Boxes of the ISO base media file format that lead to the size of a HEIC picture. */
const BRANDS = new Set(['heic', 'heix', 'heim', 'heis'])
/** No camera writes more before the picture itself. */
const MAX_BOXES = 4_000

interface Box {
  kind: string
  from: number
  to: number
}

/** Width and height of a HEIC picture; null when the bytes are none. iPhones name the brand first or among the others. */
export function readHeicSize(bytes: Uint8Array): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [ftyp, ...rest] = listBoxes(view, 0, bytes.byteLength)
  if (ftyp?.kind !== 'ftyp' || !hasBrand(view, ftyp)) return null
  const meta = rest.find((box) => box.kind === 'meta')
  // `meta` begins with four bytes of version and flags
  const iprp = meta && listBoxes(view, meta.from + 4, meta.to).find((box) => box.kind === 'iprp')
  const ipco = iprp && listBoxes(view, iprp.from, iprp.to).find((box) => box.kind === 'ipco')
  if (!ipco) return null
  // Tiles and the thumbnail have a size, too: the picture is the largest.
  const sizes = listBoxes(view, ipco.from, ipco.to)
    .filter((box) => box.kind === 'ispe' && box.to - box.from >= 12)
    .map((box) => ({ width: view.getUint32(box.from + 4), height: view.getUint32(box.from + 8) }))
  const largest = sizes.reduce((one, other) => (other.width * other.height > one.width * one.height ? other : one), { width: 0, height: 0 })
  return largest.width > 0 && largest.height > 0 ? largest : null
}

function hasBrand(view: DataView, ftyp: Box): boolean {
  for (let at = ftyp.from; at + 4 <= ftyp.to; at += 4) {
    if (at !== ftyp.from + 4 && BRANDS.has(readKind(view, at))) return true // the second word is a version
  }
  return false
}

/** The boxes between two offsets; it ends at the first that breaks its own bounds. */
function listBoxes(view: DataView, from: number, to: number): Box[] {
  const found: Box[] = []
  let at = from
  while (at + 8 <= to && found.length < MAX_BOXES) {
    const said = view.getUint32(at)
    // 0: to the end; 1: eight bytes of length follow, which only a film needs
    const end = said === 0 ? to : at + said
    if (said === 1 || end < at + 8 || end > to) {
      // The picture's own bytes may be cut off here; what lies before them was read.
      break
    }
    found.push({ kind: readKind(view, at + 4), from: at + 8, to: end })
    at = end
  }
  return found
}

const readKind = (view: DataView, at: number) => String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
