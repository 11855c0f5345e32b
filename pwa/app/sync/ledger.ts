import { atomically } from '@/storage/atomic'
import { dropAllCards, dropCards, withCards } from '@/storage/cards'
import { formatLocalTime } from '@/domain/time'
import { makeDeviceId, makeUuid7 } from '@/domain/uuid'
import { STRICT, type Counter, type Database, type OutboxEntry, type ServerState } from '@/storage/db'
import { hashPayload, linkOf, linkOfEntry } from './chain'
import { isSettled, type Op, type OpResult, type OpStatus } from './operation'

/** A held operation is asked after now and then: the server answers a known id with its present outcome. */
export const HELD_RETRY_MS = 5 * 60_000

/**
 * The next operations to offer, in order: unanswered ones, held ones that rested, or everything from `from`. How long
 * one has rested is measured both ways: a clock that was set back must not silence it until it has caught up (I22).
 */
export async function listToSend(
  db: Database,
  limit: number,
  from: number | null,
  now: number,
): Promise<OutboxEntry[]> {
  const found: OutboxEntry[] = []
  const range = from === null ? null : IDBKeyRange.lowerBound(from)
  const tx = db.transaction('outbox')
  for (let at = await tx.store.openCursor(range); at && found.length < limit; at = await at.continue()) {
    const entry = at.value
    const isHeldLong = entry.result?.status === 'held' && Math.abs(now - (entry.tried_at ?? 0)) > HELD_RETRY_MS
    if (from !== null || entry.result === null || isHeldLong) found.push(entry)
  }
  return found
}

/**
 * Writes the outcomes of a batch. An answer for an operation this phone no longer has, or for another device
 * than the present one, changes nothing. A restore may turn an outcome round: that is announced (§5).
 */
export async function settleResults(
  db: Database,
  device: string,
  results: OpResult[],
  marks: { last_seq: number; durable_seq: number } | undefined,
  now: number,
): Promise<void> {
  const tx = db.transaction(withCards(db, ['outbox', 'meta']), 'readwrite', STRICT)
  await atomically(tx, async () => {
    const counter = (await tx.objectStore('meta').get('counter')) as Counter
    const spaces = new Set<string>()
    const byOp = tx.objectStore('outbox').index('op')
    for (const result of results) {
      const entry = await byOp.get(result.op)
      if (!entry) continue
      spaces.add(entry.space)
      const { changed_from, ...kept } = entry
      const before = changed_from ?? entry.result?.status
      const isHeld = result.status === 'held'
      const isTurned = before !== undefined && before !== 'held' && !isHeld && classOf(before) !== classOf(result.status)
      const isNews = entry.result === null || classOf(entry.result.status) !== classOf(result.status)
      await tx.objectStore('outbox').put({
        ...kept,
        result,
        tried_at: now,
        ...(isTurned || (isHeld && changed_from) ? { changed_from: before! } : {}),
        ...(isTurned && isNews ? { dismissed: false } : {}),
      })
    }
    await dropCards(tx, spaces)
    if (marks && counter.device === device) {
      const server = ((await tx.objectStore('meta').get('server')) ?? {}) as ServerState
      await tx.objectStore('meta').put({ ...server, ...pickMarks(marks) }, 'server')
    }
  })
}

/** Applied and merged are one to the person: the work counts. */
function classOf(status: string): string {
  return isSettled(status as OpStatus) ? 'applied' : status
}

function pickMarks(marks: { last_seq: number; durable_seq: number }) {
  return { last_seq: marks.last_seq, durable_seq: marks.durable_seq }
}

/** New history after a restore: every space is read again and every retained operation offered again (§5). */
export async function changeEpoch(db: Database, epoch: string | null): Promise<void> {
  const tx = db.transaction(withCards(db, ['outbox', 'cursors', 'meta']), 'readwrite', STRICT)
  await atomically(tx, async () => {
    await dropAllCards(tx)
    for (let at = await tx.objectStore('outbox').openCursor(); at; at = await at.continue()) {
      const entry = at.value
      const { result } = entry
      if (result) await at.update({ ...entry, result: null, changed_from: entry.changed_from ?? result.status })
    }
    for (let at = await tx.objectStore('cursors').openCursor(); at; at = await at.continue()) {
      await at.update({ ...at.value, cursor: 0, round: at.value.round + 1 })
    }
    const server = ((await tx.objectStore('meta').get('server')) ?? {}) as ServerState
    await tx.objectStore('meta').put({ ...server, epoch, last_seq: 0, durable_seq: 0 }, 'server')
  })
}

/**
 * The server saw this device's numbers used twice (a restored or cloned phone): take a new device id and number
 * what is still held from 1, chained anew. Operation ids stay, so nothing is applied twice.
 */
export async function forkDevice(db: Database, expected: string, device: string = makeDeviceId()): Promise<void> {
  const tx = db.transaction(withCards(db, ['outbox', 'meta']), 'readwrite', STRICT)
  await atomically(tx, async () => {
    const counter = (await tx.objectStore('meta').get('counter')) as Counter
    if (counter.device !== expected) {
      return
    }
    await dropAllCards(tx)
    const entries = await tx.objectStore('outbox').getAll()
    await tx.objectStore('outbox').clear()
    let seq = 0
    let prev: string | null = null
    for (const entry of entries) {
      seq += 1
      const body: Op = { ...entry.body, seq }
      if (prev) body.prev = prev
      else delete body.prev
      const sha256 = entry.sha256 ?? hashPayload(body)
      prev = linkOf(body.prev, seq, entry.op, sha256)
      // Answered operations are offered too: under the new device each must take its place, or the next is a gap.
      await tx.objectStore('outbox').add({
        ...entry,
        seq,
        body,
        sha256,
        result: null,
        ...(entry.result ? { changed_from: entry.changed_from ?? entry.result.status } : {}),
      })
    }
    await tx.objectStore('meta').put({ device, seq, prev }, 'counter')
    const server = ((await tx.objectStore('meta').get('server')) ?? {}) as ServerState
    await tx.objectStore('meta').put({ ...server, last_seq: 0, durable_seq: 0 }, 'server')
  })
}

/** The server misses numbers from `expect` on. What the phone no longer has it reports as `device.lost`. */
export async function fillGap(db: Database, device: string, expect: number): Promise<void> {
  const tx = db.transaction(['outbox', 'meta'], 'readwrite', STRICT)
  await atomically(tx, async () => {
    const counter = (await tx.objectStore('meta').get('counter')) as Counter
    const keys = new Set(await tx.objectStore('outbox').getAllKeys())
    const person = (await tx.objectStore('meta').get('person')) as number | undefined
    const now = Date.now()
    for (let seq = Math.max(1, expect); seq <= counter.seq; seq += 1) {
      if (keys.has(seq)) continue
      const op = makeUuid7(now)
      const space = `user:${person ?? 0}`
      const entity = `device:${device}`
      const before = await tx.objectStore('outbox').get(seq - 1)
      const prev = before ? { prev: linkOfEntry(before) } : {}
      const body: Op = { op, seq, kind: 'device.lost', v: 1, space, entity, fields: { seq }, base: {}, at: formatLocalTime(now), ...prev }
      await tx.objectStore('outbox').add({
        seq,
        op,
        space,
        entity,
        body,
        sha256: hashPayload(body),
        result: null,
        dismissed: false,
        tried_at: null,
      })
    }
  })
}

/** The operations a person has just settled, or seen together as one matter, need no second look: these and no other. */
export async function dismissSettled(db: Database, ops: string[]): Promise<void> {
  const tx = db.transaction('outbox', 'readwrite', STRICT)
  await atomically(tx, async () => {
    for (const op of ops) {
      const entry = await tx.store.index('op').get(op)
      if (entry?.result) await tx.store.put({ ...entry, dismissed: true })
    }
  })
}
