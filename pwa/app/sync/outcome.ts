import type { Reply } from '@/net/http'

/** What one exchange came to; the loop decides from it alone. */
export type Outcome =
  | { kind: 'done' }
  /** There is more to do at once (another page, another batch, a gap to fill). */
  | { kind: 'again' }
  | { kind: 'offline'; why: string }
  | { kind: 'sign-in' }
  | { kind: 'upgrade' }
  /** The device or the person was revoked: only recorded work still goes, into quarantine; `wipe` when that was ordered. */
  | { kind: 'revoked'; wipe: boolean }
  /** This phone was told to delete its records, and may: the caller deletes them. */
  | { kind: 'wiped' }
  /** The server asks for patience or failed; `afterMs` when it said how long. */
  | { kind: 'later'; why: string; afterMs: number | null }

/** The refusals every exchange shares. 401 keeps everything and asks to sign in again; 426 keeps the queue. */
export function readRefused(reply: Exclude<Reply<unknown>, { kind: 'ok' }>): Outcome {
  if (reply.kind === 'offline') return { kind: 'offline', why: reply.why }
  if (reply.code === 'device.revoked') return { kind: 'revoked', wipe: reply.details.wipe === true }
  // A device id the server does not know (after a fork) is bound by signing in, like a new phone.
  if (reply.status === 401 || reply.code === 'device.unknown') return { kind: 'sign-in' }
  if (reply.status === 426) return { kind: 'upgrade' }
  return { kind: 'later', why: reply.code, afterMs: reply.retryAfterMs }
}

/** The same for push, pull and uploads: refused as such, the field roles were taken from the account (§13.7). */
export function readContactRefused(reply: Exclude<Reply<unknown>, { kind: 'ok' }>): Outcome {
  if (reply.kind === 'refused' && reply.code === 'access.denied') return { kind: 'revoked', wipe: false }
  return readRefused(reply)
}
