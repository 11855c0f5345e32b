import type { Plain } from '@/domain/canonical'
import type { PhotoManifest } from '@/domain/evidence'

export const PROTO = 1
/** Version of the outbox as stored; a new service worker may take over only if it can read it (§8). */
export const SCHEMA = 1

export type OpKind =
  | 'answer.set'
  | 'photo.attach'
  | 'photo.remove'
  | 'signature.add'
  | 'checkin.add'
  | 'sheet.submit'
  | 'sheet.accept'
  | 'sheet.return'
  | 'sheet.enter'
  | 'correction.propose'
  | 'device.lost'

export type Heads = Record<string, string | null>

export interface PhotoClaim {
  sha256: string
  bytes: number
  mime: string
  width: number
  height: number
  manifest: PhotoManifest
}

/** One operation as it goes over the wire (protocol §13.3). Never changed after it was stored, except `seq`. */
export interface Op {
  op: string
  seq: number
  kind: OpKind
  v: 1
  space: string
  entity: string
  fields: Record<string, Plain>
  base: Heads
  at: string
  mono_ms?: number
  session?: string
  prev?: string
  group?: string
  photo?: PhotoClaim
  seen?: Record<string, Heads>
  digest?: string
  resolves?: string[]
}

/** What a screen hands in; the store adds identity, number and time. */
export interface Draft {
  /** Given by whoever may have to hand the same draft in twice (a store that broke in mid-write). */
  op?: string
  kind: OpKind
  space: string
  entity: string
  fields?: Record<string, Plain>
  base?: Heads
  photo?: PhotoClaim
  seen?: Record<string, Heads>
  digest?: string
  resolves?: string[]
}

export type OpStatus = 'applied' | 'merged' | 'conflict' | 'rejected_locked' | 'forbidden' | 'invalid' | 'held'

export interface OpResult {
  op: string
  status: OpStatus
  space_seq?: number
  bytes?: 'wanted' | 'stored'
  upload?: string
  replay?: boolean
  proposal?: string
  locked?: { by: string; op: string; at: string; version: number }
  error?: { code: string; message: string; details: Record<string, Plain> }
  [more: string]: unknown
}

/** Statuses that leave nothing for a person to do. */
export function isSettled(status: OpStatus | null): boolean {
  return status === 'applied' || status === 'merged'
}

/** Statuses a person has to look at; they stay in sight until dismissed. */
export function needsAttention(status: OpStatus | null): boolean {
  return status === 'conflict' || status === 'rejected_locked' || status === 'forbidden' || status === 'invalid'
}

/** Whether a person has yet to see what became of an operation: refused, or turned round by a restore (§5). */
export function needsSight(entry: { result: OpResult | null; dismissed: boolean; changed_from?: string }): boolean {
  const status = entry.result?.status ?? null
  if (entry.dismissed || status === null || status === 'held') return false
  return needsAttention(status) || entry.changed_from !== undefined
}
