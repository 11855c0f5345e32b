import { makeUuid7 } from '@/domain/uuid'
import { formatLocalTime } from '@/domain/time'
import { hashPayload, linkOf } from '@/sync/chain'
import type { Draft, Op } from '@/sync/operation'
import { headsSeen } from '@/sync/overlay'
import { atomically } from './atomic'
import { dropCards, withCards } from './cards'
import { listReplacedBy } from './drafts'
import { STRICT, type Counter, type Database, type OutboxEntry, type PhotoMeta } from './db'

/** One page session: `mono_ms` counts within it only (§6). */
const SESSION = makeUuid7().slice(-12)

/** Kinds that replace something and so must say what they saw. */
const KINDS_WITH_BASE = new Set(['answer.set', 'photo.attach', 'photo.remove'])

export interface Clock {
  now(): number
  mono(): number
}
export const systemClock: Clock = { now: () => Date.now(), mono: () => performance.now() }

export interface PhotoToKeep {
  meta: Omit<PhotoMeta, 'op'>
  bytes: ArrayBuffer
}

/**
 * Stores operations, each with its number, in ONE strict transaction; when the promise resolves they are on disk.
 * `base` is taken inside the same transaction from what this phone shows (rows and own pending operations),
 * so two tabs cannot both build on the same head unseen; a text whose typing began over an older version keeps that
 * version as its base, so that what came meanwhile is not replaced unseen. Typed drafts an operation takes the place
 * of go with it, a photo's bytes come with it: one transaction. A draft that brings its operation id may be handed in
 * again after a failure nobody can place: what is stored already is not stored twice.
 */
export async function recordOps(
  db: Database,
  drafts: Draft[],
  photo: PhotoToKeep | null = null,
  clock: Clock = systemClock,
): Promise<OutboxEntry[]> {
  const stores = withCards(db, ['outbox', 'meta', 'rows', 'photos_meta', 'photo_bytes', 'drafts'])
  const tx = db.transaction(stores, 'readwrite', STRICT)
  return atomically(tx, async () => {
    const counter = (await tx.objectStore('meta').get('counter')) as Counter | undefined
    if (!counter) throw new Error('the database has no device yet')
    const stored: OutboxEntry[] = []
    for (const draft of drafts) {
      const known = draft.op && (await tx.objectStore('outbox').index('op').get(draft.op))
      if (known) {
        stored.push(known)
        continue
      }
      // A photo's head is kept under its hash; bringing back a removed one must know the removal.
      const subject = draft.photo ? `photo:${draft.photo.sha256}` : draft.entity
      const row = await tx.objectStore('rows').get([draft.space, subject])
      const pending = await tx.objectStore('outbox').index('entity').getAll([draft.space, draft.entity])
      const base = draft.base ?? headsSeen(row, pending, draft.photo ? ['attached'] : Object.keys(draft.fields ?? {}))
      for (const key of listReplacedBy(draft)) {
        const typed = await tx.objectStore('drafts').get(key)
        if (!typed) continue
        // Whoever settles a conflict has both versions before their eyes; whoever goes on typing has not.
        if (draft.kind === 'answer.set' && !draft.resolves) base[typed.field] = typed.base
        await tx.objectStore('drafts').delete(key)
      }
      counter.seq += 1
      const entry = buildEntry(draft, base, counter, clock)
      counter.prev = linkOf(entry.body.prev, entry.seq, entry.op, entry.sha256!)
      await tx.objectStore('outbox').add(entry)
      stored.push(entry)
    }
    if (photo) {
      await tx.objectStore('photo_bytes').put(photo.bytes, photo.meta.sha256)
      await tx.objectStore('photos_meta').put({ ...photo.meta, op: stored[0]!.op })
    }
    await dropCards(tx, stored.map((entry) => entry.space))
    await tx.objectStore('meta').put(counter, 'counter')
    return stored
  })
}

function buildEntry(draft: Draft, base: Op['base'], counter: Counter, clock: Clock): OutboxEntry {
  const now = clock.now()
  const body: Op = {
    op: draft.op ?? makeUuid7(now),
    seq: counter.seq,
    kind: draft.kind,
    v: 1,
    space: draft.space,
    entity: draft.entity,
    fields: draft.fields ?? {},
    base: KINDS_WITH_BASE.has(draft.kind) ? base : {},
    at: formatLocalTime(now),
    mono_ms: Math.round(clock.mono()),
    session: SESSION,
    ...(counter.prev ? { prev: counter.prev } : {}),
    ...(draft.photo ? { photo: draft.photo } : {}),
    ...(draft.seen ? { seen: draft.seen } : {}),
    ...(draft.digest ? { digest: draft.digest } : {}),
    ...(draft.resolves ? { resolves: draft.resolves } : {}),
  }
  return {
    seq: counter.seq,
    op: body.op,
    space: draft.space,
    entity: draft.entity,
    body,
    sha256: hashPayload(body),
    result: null,
    dismissed: false,
    tried_at: null,
  }
}
