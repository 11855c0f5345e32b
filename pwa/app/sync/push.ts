import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { Database, OutboxEntry } from '@/storage/db'
import { getCounter, getServerState, putServerState, recordContact } from '@/storage/state'
import { formatLocalTime } from '@/domain/time'
import { getAuth } from './auth'
import type { Heartbeat } from './heartbeat'
import { PROTO, SCHEMA, type Op, type OpResult } from './operation'
import { readContactRefused, type Outcome } from './outcome'
import { changeEpoch, fillGap, forkDevice, listToSend, settleResults } from './ledger'

export const MAX_BATCH = 50
interface PushAnswer {
  epoch: string
  server_time: string
  device: { last_seq: number; durable_seq: number; wipe?: boolean }
  fork: boolean
  results: OpResult[]
}

/** Batch size after a 413; back to full once a batch went through. One per loop. */
export interface PushPace {
  batch: number
  /** Offer again from here, whatever was answered before (after a gap). */
  from: number | null
}

export const newPace = (): PushPace => ({ batch: MAX_BATCH, from: null })

/** Offers one batch of the outbox. The queue is read from the store each time, never from memory. */
export async function pushOnce(
  db: Database,
  net: Net,
  app: string,
  pace: PushPace,
  heartbeat: Heartbeat | null = null,
): Promise<Outcome> {
  const entries = await listToSend(db, pace.batch, pace.from, net.now())
  const [counter, server] = [await getCounter(db), await getServerState(db)]
  if (entries.length === 0) {
    pace.from = null
    // A revoked phone pulls no more: a push of nothing is how it hears of a restored server (§5, I16).
    if (!server.is_revoked || (await db.count('outbox')) === 0) return { kind: 'done' }
  }
  const reply = await call<PushAnswer>(net, {
    method: 'POST',
    path: '/api/v1/sync/push',
    deadlineMs: DEADLINE_MS,
    ...(await getAuth(db)),
    body: { ...buildEnvelope(entries, counter.device, server.epoch, app, net.now()), ...(heartbeat ? { heartbeat } : {}) },
  })
  if (reply.kind === 'ok') {
    if (!isPushAnswer(reply.body)) return { kind: 'offline', why: 'foreign' }
    return applyAnswer(db, net, pace, entries, counter.device, reply.body, reply.rttMs)
  }
  if (reply.kind === 'refused') {
    if (reply.status === 409) return repair(db, pace, counter.device, reply.code, reply.details)
    if (reply.status === 413) {
      if (pace.batch === 1) return { kind: 'later', why: reply.code, afterMs: reply.retryAfterMs }
      pace.batch = Math.max(1, Math.floor(Math.min(pace.batch, entries.length) / 2))
      return { kind: 'again' }
    }
  }
  return readContactRefused(reply)
}

function buildEnvelope(entries: OutboxEntry[], device: string, epoch: string | null, app: string, now: number) {
  const last: Op | undefined = entries[entries.length - 1]?.body
  return {
    proto: PROTO,
    app,
    schema: SCHEMA,
    device,
    epoch,
    session: last?.session ?? '',
    sent_at: formatLocalTime(now),
    mono_ms: Math.round(performance.now()),
    ops: entries.map((entry) => entry.body),
  }
}

async function applyAnswer(
  db: Database,
  net: Net,
  pace: PushPace,
  entries: OutboxEntry[],
  device: string,
  answer: PushAnswer,
  rttMs: number,
): Promise<Outcome> {
  await recordContact(db, { device_ms: net.now(), server_time: answer.server_time, rtt_ms: rttMs })
  // A late answer of another history says nothing about this one (I7).
  const { epoch } = await getServerState(db)
  if (epoch !== null && answer.epoch !== epoch) return { kind: 'again' }
  await settleResults(db, device, answer.results, answer.device, net.now())
  if (answer.device.wipe) await putServerState(db, { wipe_ordered: true })
  if (answer.fork) {
    await forkDevice(db, device)
    pace.from = null
    return { kind: 'again' }
  }
  pace.batch = Math.min(MAX_BATCH, pace.batch * 2)
  pace.from = pace.from === null ? null : entries[entries.length - 1]!.seq + 1
  return { kind: entries.length > 0 ? 'again' : 'done' }
}

async function repair(
  db: Database,
  pace: PushPace,
  device: string,
  code: string,
  details: Record<string, unknown>,
): Promise<Outcome> {
  if (code.includes('epoch')) {
    await changeEpoch(db, typeof details.epoch === 'string' ? details.epoch : null)
    pace.from = null
    return { kind: 'again' }
  }
  if (code.includes('gap') && typeof details.expect === 'number') {
    // Asked twice for the same number although it was offered: do not spin.
    if (pace.from === details.expect) return { kind: 'later', why: code, afterMs: null }
    await fillGap(db, device, details.expect)
    pace.from = details.expect
    return { kind: 'again' }
  }
  return { kind: 'later', why: code, afterMs: null }
}

function isPushAnswer(body: unknown): body is PushAnswer {
  const answer = body as Partial<PushAnswer> | null
  return typeof answer === 'object' && answer !== null && typeof answer.epoch === 'string' && Array.isArray(answer.results)
}
