import type { Reply } from '@/net/http'

/** What one exchange came to; the loop decides from it alone. */
export type Outcome =
  | { kind: 'done' }
  /** There is more to do at once (another page, another batch, a gap to fill). */
  | { kind: 'again' }
  | { kind: 'offline'; why: string }
  | { kind: 'sign-in' }
  | { kind: 'upgrade' }
  /** The server asks for patience or failed; `afterMs` when it said how long. */
  | { kind: 'later'; why: string; afterMs: number | null }

/** The refusals every exchange shares. 401 keeps everything and asks to sign in again; 426 keeps the queue. */
export function readRefused(reply: Exclude<Reply<unknown>, { kind: 'ok' }>): Outcome {
  if (reply.kind === 'offline') return { kind: 'offline', why: reply.why }
  // A device id the server does not know (after a fork) is bound by signing in, like a new phone.
  if (reply.status === 401 || reply.code === 'device.unknown') return { kind: 'sign-in' }
  if (reply.status === 426) return { kind: 'upgrade' }
  return { kind: 'later', why: reply.code, afterMs: reply.retryAfterMs }
}
