import { atomically } from '@/storage/atomic'
import { dropCards, withCards } from '@/storage/cards'
import { STRICT, type Database, type ServerState } from '@/storage/db'
import { isOpCovered, isPhotoCovered, isStored } from './custody'
import { isSettled, needsSight } from './operation'

/**
 * Drops what is safe to drop (§5): inside the verified backup, named by the inspection's custody receipt, outcome
 * known, and either nothing to see and already back by pull, or dismissed by the person after its proposal came by
 * pull.
 */
export async function pruneOutbox(db: Database): Promise<number> {
  const tx = db.transaction(withCards(db, ['outbox', 'rows', 'cursors', 'custody', 'meta']), 'readwrite', STRICT)
  return atomically(tx, async () => {
    const server = ((await tx.objectStore('meta').get('server')) ?? {}) as Partial<ServerState>
    const person = (await tx.objectStore('meta').get('person')) as number | undefined
    let dropped = 0
    for (let at = await tx.objectStore('outbox').openCursor(); at; at = await at.continue()) {
      const entry = at.value
      const { result } = entry
      if (!result || result.status === 'held' || entry.seq > (server.durable_seq ?? 0)) continue
      if (needsSight(entry)) continue
      if (!isOpCovered(await tx.objectStore('custody').get(entry.space), entry, server.epoch ?? null)) continue
      if (isSettled(result.status)) {
        const cursor = await tx.objectStore('cursors').get(entry.space)
        if (cursor && cursor.cursor < (result.space_seq ?? 0)) continue
      } else if (result.proposal) {
        const row = await tx.objectStore('rows').get([`user:${person ?? 0}`, `proposal:${result.proposal}`])
        if (!row) continue
      }
      await at.delete()
      await dropCards(tx, [entry.space])
      dropped += 1
    }
    return dropped
  })
}

/** Below this much free space photo bytes the server has for good are let go, oldest first. */
export const PRESSURE_BYTES = 300 * 1024 * 1024

/**
 * Lets go of photo bytes under storage pressure only, oldest first, until there is room again (§7.6, I20): a pull
 * showed the photo as stored, the backup mark passed its operation, and the custody receipt names it as stored.
 * `room` tells how many bytes are free; null when the browser does not say (then nothing goes).
 */
export async function freePhotoBytes(db: Database, room: () => Promise<number | null>, now: number): Promise<number> {
  let free = await room()
  if (free === null || free >= PRESSURE_BYTES) return 0
  const done = await db.getAllFromIndex('photos_meta', 'state', 'done')
  done.sort((a, b) => a.taken_at.localeCompare(b.taken_at))
  let freed = 0
  for (const photo of done) {
    if (free >= PRESSURE_BYTES) break
    if (photo.freed_at || !(await freeOne(db, photo.sha256, now))) continue
    freed += 1
    free += photo.bytes
  }
  return freed
}

/** The same, asked for by the person: all that is proven received, whatever room there is. Tells how much went. */
export async function freeAllProven(db: Database, now: number): Promise<{ photos: number; bytes: number }> {
  const freed = { photos: 0, bytes: 0 }
  for (const photo of await db.getAllFromIndex('photos_meta', 'state', 'done')) {
    if (photo.freed_at || !(await freeOne(db, photo.sha256, now))) continue
    freed.photos += 1
    freed.bytes += photo.bytes
  }
  return freed
}

async function freeOne(db: Database, sha256: string, now: number): Promise<boolean> {
  const tx = db.transaction(['photos_meta', 'photo_bytes', 'rows', 'outbox', 'custody', 'meta'], 'readwrite', STRICT)
  return atomically(tx, async () => {
    const photo = await tx.objectStore('photos_meta').get(sha256)
    const server = ((await tx.objectStore('meta').get('server')) ?? {}) as Partial<ServerState>
    if (!photo || photo.state !== 'done') return false
    const row = await tx.objectStore('rows').get([photo.space, `photo:${sha256}`])
    const entry = await tx.objectStore('outbox').index('op').get(photo.op)
    // An operation that is no longer here went inside the mark.
    const isInMark = entry === undefined || (entry.result !== null && entry.seq <= (server.durable_seq ?? 0))
    const receipt = await tx.objectStore('custody').get(photo.space)
    if (!isStored(row) || !isInMark || !isPhotoCovered(receipt, sha256, server.epoch ?? null)) return false
    await tx.objectStore('photo_bytes').delete(sha256)
    await tx.objectStore('photos_meta').put({ ...photo, freed_at: now })
    return true
  })
}
