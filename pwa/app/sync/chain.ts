import { dumpCanonical, type Plain } from '@/domain/canonical'
import { sha256Hex } from '@/domain/sha256'
import type { Op } from './operation'

/**
 * The hash by which both ends know an operation (§13.3): canonical JSON without `seq`, `prev` and `mono_ms`, so that
 * a phone that renames itself numbers and chains anew while its operations stay the same operations.
 */
export function hashPayload(op: Op): string {
  const payload: Record<string, unknown> = { ...op }
  for (const name of ['seq', 'prev', 'mono_ms']) Reflect.deleteProperty(payload, name)
  return sha256Hex(dumpCanonical(payload as Plain))
}

/** `link(n)`: what operation n + 1 of the same device carries as `prev`. */
export function linkOf(prev: string | null | undefined, seq: number, op: string, payloadHash: string): string {
  return sha256Hex(`${prev ?? ''}\n${seq}\n${op}\n${payloadHash}`)
}

/** The link of an operation as stored. */
export function linkOfEntry(entry: { seq: number; op: string; body: Op; sha256?: string }): string {
  return linkOf(entry.body.prev, entry.seq, entry.op, entry.sha256 ?? hashPayload(entry.body))
}
