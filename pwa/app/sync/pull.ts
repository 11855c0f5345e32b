import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { Cursor, Database } from '@/storage/db'
import { getCounter, getServerState, putServerState, recordContact } from '@/storage/state'
import type { Heartbeat } from './heartbeat'
import { changeEpoch } from './ledger'
import { SCHEMA } from './operation'
import { readContactRefused, type Outcome } from './outcome'
import { applyPage, checkDigest, enterScope, leaveSpaces, type Page } from './pages'

export const PAGE_LIMIT = 500
/** Spaces named in one request; the server takes 500 (§13.4). A phone with more asks in turns. */
export const SPACES_AT_ONCE = 400

/** How far a phone with many spaces has asked, and whether an earlier turn left something to fetch. */
interface Turn {
  after: string
  isMore: boolean
}
const turns = new WeakMap<Database, Turn>()
/** Digests found right since the app was opened: a space in which nothing happened is not read again each minute. */
const verified = new WeakMap<Database, Map<string, string>>()

interface PullAnswer {
  epoch: string
  server_time: string
  device: { last_seq: number; durable_seq: number; wipe?: boolean }
  scope: string[]
  left: { space: string; why: string }[]
  pages: Record<string, Page>
}

/** Asks once for what is new in the spaces this phone knows, as many as one request may name, and stores it. */
export async function pullOnce(db: Database, net: Net, heartbeat: Heartbeat | null = null): Promise<Outcome> {
  const [counter, server] = [await getCounter(db), await getServerState(db)]
  const turn = turns.get(db)
  const next = await db.getAll('cursors', turn ? IDBKeyRange.lowerBound(turn.after, true) : null, SPACES_AT_ONCE + 1)
  const cursors = next.slice(0, SPACES_AT_ONCE)
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
  const asked = new Map(cursors.map((c) => [c.space, c]))
  const right = verified.get(db) ?? new Map<string, string>()
  verified.set(db, right)
  let isMore = turn?.isMore ?? false
  for (const [space, page] of Object.entries(answer.pages)) {
    const cursor = asked.get(space)
    const isIdle = cursor !== undefined && bringsNothing(page, cursor)
    if (isIdle && page.digest !== undefined && right.get(space) === page.digest) continue
    const isStored = isIdle || (await applyPage(db, space, page, cursor?.cursor ?? 0))
    if (isStored && page.more) isMore = true
    if (!isStored || page.more) continue
    const isRight = await checkDigest(db, space, page.digest)
    if (!isRight) isMore = true
    else if (page.digest !== undefined) right.set(space, page.digest)
  }
  const isLast = next.length <= SPACES_AT_ONCE
  if (isLast) turns.delete(db)
  else turns.set(db, { after: cursors[cursors.length - 1]!.space, isMore: isMore || isScopeNew })
  return isScopeNew || isMore || !isLast ? { kind: 'again' } : { kind: 'done' }
}

/** Nothing to store, and nothing left over from an older round: the card of the inspection stays. */
function bringsNothing(page: Page, cursor: Cursor): boolean {
  return cursor.ready && page.rows.length === 0 && !page.more && page.from === cursor.cursor && page.to === cursor.cursor && (cursor.swept ?? 0) >= cursor.round
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
