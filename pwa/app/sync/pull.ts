import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { Database } from '@/storage/db'
import { getCounter, getServerState, putServerState, recordContact } from '@/storage/state'
import type { Heartbeat } from './heartbeat'
import { changeEpoch } from './ledger'
import { SCHEMA } from './operation'
import { readContactRefused, type Outcome } from './outcome'
import { applyPage, checkDigest, enterScope, leaveSpaces, type Page } from './pages'

export const PAGE_LIMIT = 500

interface PullAnswer {
  epoch: string
  server_time: string
  device: { last_seq: number; durable_seq: number; wipe?: boolean }
  scope: string[]
  left: { space: string; why: string }[]
  pages: Record<string, Page>
}

/** Asks once for what is new in every space this phone knows, and stores it. */
export async function pullOnce(db: Database, net: Net, heartbeat: Heartbeat | null = null): Promise<Outcome> {
  const [counter, server] = [await getCounter(db), await getServerState(db)]
  const cursors = await db.getAll('cursors')
  const reply = await call<PullAnswer>(net, {
    method: 'POST',
    path: '/api/v1/sync/pull',
    deadlineMs: DEADLINE_MS,
    csrf: server.csrf,
    body: {
      device: counter.device,
      epoch: server.epoch,
      schema: SCHEMA,
      spaces: Object.fromEntries(cursors.map((c) => [c.space, c.cursor])),
      limit: PAGE_LIMIT,
      ...(heartbeat ? { heartbeat } : {}),
    },
  })
  if (reply.kind === 'refused' && reply.status === 409 && reply.code.includes('epoch')) {
    await changeEpoch(db, typeof reply.details.epoch === 'string' ? reply.details.epoch : null)
    return { kind: 'again' }
  }
  if (reply.kind !== 'ok') return readContactRefused(reply)
  if (!isPullAnswer(reply.body)) return { kind: 'offline', why: 'foreign' }
  const answer = reply.body
  await recordContact(db, { device_ms: net.now(), server_time: answer.server_time, rtt_ms: reply.rttMs })

  // A late answer: the device or the history moved on while it was under way (F6, I14).
  const [counterNow, serverNow] = [await getCounter(db), await getServerState(db)]
  if (counterNow.device !== counter.device || serverNow.epoch !== server.epoch) return { kind: 'again' }
  if (server.epoch !== null && answer.epoch !== server.epoch) {
    await changeEpoch(db, answer.epoch)
    return { kind: 'again' }
  }
  const { last_seq, durable_seq, wipe } = answer.device
  await putServerState(db, { epoch: answer.epoch, last_seq, durable_seq, ...(wipe ? { wipe_ordered: true } : {}) })

  await leaveSpaces(db, answer.left.map((gone) => gone.space))
  const isScopeNew = await enterScope(db, answer.scope)
  const asked = new Map(cursors.map((c) => [c.space, c.cursor]))
  let isMore = false
  for (const [space, page] of Object.entries(answer.pages)) {
    const isStored = await applyPage(db, space, page, asked.get(space) ?? 0)
    if (isStored && page.more) isMore = true
    if (isStored && !page.more && !(await checkDigest(db, space, page.digest))) isMore = true
  }
  return isScopeNew || isMore ? { kind: 'again' } : { kind: 'done' }
}

function isPullAnswer(body: unknown): body is PullAnswer {
  const answer = body as Partial<PullAnswer> | null
  return (
    typeof answer === 'object' &&
    answer !== null &&
    typeof answer.epoch === 'string' &&
    Array.isArray(answer.scope) &&
    typeof answer.pages === 'object'
  )
}
