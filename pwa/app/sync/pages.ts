import { atomically } from '@/storage/atomic'
import { dropCards, withCards } from '@/storage/cards'
import type { Cursor, Database, Row } from '@/storage/db'
import { digestRows } from './digest'
import type { Heads } from './operation'

export interface WireRow {
  t: string
  id: string
  seq: number
  fields?: Record<string, unknown>
  heads?: Heads
  siblings?: Row['siblings']
  writers?: Row['writers']
  gone?: boolean
}

export interface Page {
  from: number
  to: number
  more: boolean
  digest?: string
  rows: WireRow[]
}

/** Spaces that were restarted because of a wrong digest, with the time; a second wrong one waits for the next round. */
const restarted = new Map<string, number>()
const RESTART_REST_MS = 60_000

/**
 * Stores a page and its cursor in ONE transaction: after any kill the phone has both or neither. `asked` is the
 * cursor the request named: if the phone has moved on since, the answer is late or doubled and is dropped (I14).
 * A page from 0 that was not asked for from 0 restarts the space. Returns whether it was stored.
 */
export async function applyPage(db: Database, space: string, page: Page, asked: number): Promise<boolean> {
  const tx = db.transaction(withCards(db, ['rows', 'cursors']), 'readwrite')
  return atomically(tx, async () => {
    const stored = await tx.objectStore('cursors').get(space)
    if (!stored || stored.cursor !== asked || (page.from !== asked && page.from !== 0)) {
      return false
    }
    const cursor = page.from === asked ? stored : { ...stored, round: stored.round + 1 }
    for (const row of page.rows) {
      await tx.objectStore('rows').put({
        space,
        t: row.t,
        id: row.id,
        seq: row.seq,
        fields: row.fields ?? {},
        heads: row.heads ?? {},
        siblings: row.siblings ?? [],
        ...(row.writers ? { writers: row.writers } : {}),
        ...(row.gone ? { gone: true } : {}),
        round: cursor.round,
      })
    }
    const { round, swept = 0 } = cursor
    if (!page.more && swept < round) {
      // The round is complete: what it did not bring is not there any more.
      const rows = tx.objectStore('rows').index('space')
      for (let at = await rows.openCursor(space); at; at = await at.continue()) {
        if (at.value.round < cursor.round) await at.delete()
      }
    }
    await dropCards(tx, [space])
    await tx.objectStore('cursors').put({ ...cursor, cursor: page.to, ready: cursor.ready || !page.more, ...(page.more ? {} : { swept: round }) })
    return true
  })
}

/** Compares with the server's digest; a mismatch restarts that space at 0, outbox untouched. True when equal. */
export async function checkDigest(
  db: Database,
  space: string,
  digest: string | undefined,
  now: number = Date.now(),
): Promise<boolean> {
  if (digest === undefined) return true
  const rows = await db.getAllFromIndex('rows', 'space', space)
  if (digestRows(rows) === digest) return true
  if (now - (restarted.get(space) ?? 0) < RESTART_REST_MS) return true
  restarted.set(space, now)
  await restartSpace(db, space)
  return false
}

/** Reads a space anew from 0. The rows in sight stay until the new round is complete. */
export async function restartSpace(db: Database, space: string): Promise<void> {
  const tx = db.transaction('cursors', 'readwrite')
  const cursor = await tx.store.get(space)
  if (cursor) await tx.store.put({ ...cursor, cursor: 0, round: cursor.round + 1 })
  await tx.done
}

/** Adds spaces that came into scope, at cursor 0. True when there was a new one. */
export async function enterScope(db: Database, scope: string[]): Promise<boolean> {
  const tx = db.transaction('cursors', 'readwrite')
  return atomically(tx, async () => {
    let isNew = false
    for (const space of scope) {
      if (await tx.store.get(space)) continue
      const fresh: Cursor = { space, cursor: 0, round: 0, ready: false }
      await tx.store.put(fresh)
      isNew = true
    }
    return isNew
  })
}

/** Removes the pulled rows of spaces that were taken away. The outbox stays and is still sent (§4). */
export async function leaveSpaces(db: Database, spaces: string[]): Promise<void> {
  if (spaces.length === 0) return
  const tx = db.transaction(withCards(db, ['rows', 'cursors']), 'readwrite')
  await atomically(tx, async () => {
    await dropCards(tx, spaces)
    for (const space of spaces) {
      for (let at = await tx.objectStore('rows').index('space').openCursor(space); at; at = await at.continue()) {
        await at.delete()
      }
      await tx.objectStore('cursors').delete(space)
    }
  })
}
