import { sha256 } from '@/domain/sha256'

/**
 * The digest of a space (§13.4): the sum mod 2^64 of the first 8 bytes of SHA-256(type 0x1F id 0x1F seq) over
 * all rows, tombstones too. A sum, so that order does not matter and the server can keep it up to date.
 */
export function digestRows(rows: Iterable<{ t: string; id: string; seq: number }>): string {
  const encoder = new TextEncoder()
  let sum = 0n
  for (const row of rows) {
    const hash = sha256(encoder.encode(`${row.t}\u001f${row.id}\u001f${row.seq}`))
    sum += new DataView(hash.buffer).getBigUint64(0)
  }
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0')
}
