import type { Auth, Net, Reply } from '@/net/http'
import { createUpload, hashBytes, readUpload, sendChunk } from '@/net/tus'
import { atomically, isConnectionLost } from '@/storage/atomic'
import { STRICT, type Database, type PhotoMeta } from '@/storage/db'
import { getAuth } from './auth'
import { nextWait } from './backoff'
import { readContactRefused, readRefused, type Outcome } from './outcome'

const SMALLEST_CHUNK = 256 * 1024
const LARGEST_CHUNK = 4 * 1024 * 1024
/** A chunk should take a few seconds: long enough to be worth its headers, short enough to lose little. */
const GOOD_CHUNK_MS = 4_000

/** The longest rest of a photo. One that seems longer was set by a clock that has been set back since. */
const LONGEST_REST_MS = 3_600_000
/** Until a person has looked. */
const NEVER = Number.MAX_SAFE_INTEGER
/** So long a photo may be on its way from the upload to the rows we pull. */
const SETTLED_MS = 120_000

/** What a server, or a proxy before it, answers that takes no bytes with a creation. */
const TAKES_NONE_ALONG = new Set([411, 413, 415])

/**
 * How large the next chunk may be; grows on a quick network, shrinks on a slow one. A photo no larger than that goes
 * with its creation, in one request, unless that was refused once.
 */
export interface UploadPace {
  chunk: number
  goesAlong: boolean
}
export const newUploadPace = (): UploadPace => ({ chunk: SMALLEST_CHUNK, goesAlong: true })

/** Sends the next photo whose promise the server knows and whose time has come. One photo per call. */
export async function uploadOnce(db: Database, net: Net, pace: UploadPace, random: () => number): Promise<Outcome> {
  const photo = await findNextPhoto(db, net.now())
  if (!photo) return { kind: 'done' }
  const bytes = await readBytes(db, photo)
  if (typeof bytes === 'string') {
    // Nothing else waits for it: the operation stays, the officer is asked to take it again (F19).
    await putBack(db, photo, { error: bytes, next_try: NEVER })
    return { kind: 'again' }
  }
  const auth = await getAuth(db)
  let { upload_url: url, offset } = photo

  if (url) {
    const head = await readUpload(net, url, auth)
    if (head.reply.kind !== 'ok' || head.offset === null) return handleRefusal(db, net, photo, head.reply, random)
    offset = head.offset
  } else {
    const started = net.now()
    const made = await create(net, photo, bytes, pace, auth)
    if (!made.upload) {
      slowDown(pace)
      return handleRefusal(db, net, photo, made.reply, random)
    }
    if (made.upload.offset > 0) keepPace(pace, net.now() - started)
    url = made.upload.url
    offset = made.upload.offset
  }
  await putBack(db, photo, { upload_url: url, offset })

  while (offset < bytes.byteLength) {
    const chunk = bytes.slice(offset, offset + pace.chunk)
    const started = net.now()
    const sent = await sendChunk(net, url, offset, chunk, auth)
    if (sent.reply.kind !== 'ok' || sent.offset === null) {
      slowDown(pace)
      return handleRefusal(db, net, photo, sent.reply, random)
    }
    offset = sent.offset
    await putBack(db, photo, { offset })
    keepPace(pace, net.now() - started)
  }
  await putBack(db, photo, { state: 'done', error: null, tries: 0, done_at: net.now() })
  return { kind: 'again' }
}

/** With the bytes where they are few enough; announced first where that was refused. Creating again makes no second one. */
async function create(net: Net, photo: PhotoMeta, bytes: ArrayBuffer, pace: UploadPace, auth: Auth) {
  if (!pace.goesAlong || bytes.byteLength > pace.chunk) return createUpload(net, photo, auth)
  const made = await createUpload(net, photo, auth, bytes)
  const isRefused = made.reply.kind === 'refused' && TAKES_NONE_ALONG.has(made.reply.status) && made.reply.code !== 'photo.too_many_bytes'
  if (!isRefused) return made
  pace.goesAlong = false
  return createUpload(net, photo, auth)
}

function keepPace(pace: UploadPace, tookMs: number): void {
  if (tookMs < GOOD_CHUNK_MS / 2) pace.chunk = Math.min(LARGEST_CHUNK, pace.chunk * 2)
  if (tookMs > GOOD_CHUNK_MS) slowDown(pace)
}

function slowDown(pace: UploadPace): void {
  pace.chunk = Math.max(SMALLEST_CHUNK, Math.floor(pace.chunk / 2))
}

/** The photo's bytes, or why they cannot be sent. A file is hashed before its first byte leaves. */
async function readBytes(db: Database, photo: PhotoMeta): Promise<ArrayBuffer | 'photo.bytes_gone' | 'photo.bytes_damaged'> {
  let bytes: ArrayBuffer | undefined
  try {
    bytes = await db.get('photo_bytes', photo.sha256)
  } catch (error) {
    if (isConnectionLost(error)) throw error // the whole store, not this photo
    return 'photo.bytes_gone'
  }
  if (!bytes) return 'photo.bytes_gone'
  if (photo.upload_url === null && (await hashBytes(bytes)) !== photo.sha256) return 'photo.bytes_damaged'
  return bytes
}

/** What both indexes can do. */
interface Walk {
  openCursor(range: IDBKeyRange): Promise<Step | null>
}
interface Step {
  value: PhotoMeta
  continue(): Promise<Step | null>
}

/** Waiting photos, the oldest first, whose operation was answered: the server takes no bytes nobody has promised. */
async function findNextPhoto(db: Database, now: number): Promise<PhotoMeta | null> {
  const tx = db.transaction(['photos_meta', 'outbox'])
  const photos = tx.objectStore('photos_meta')
  // Opened as they are, stores may be of an older app; one by one, for thousands with their pictures stall a phone.
  const isOld = !photos.indexNames.contains('taken')
  const waiting = isOld ? IDBKeyRange.only('waiting') : IDBKeyRange.bound(['waiting'], ['waiting', []])
  const index: Walk = isOld ? photos.index('state') : photos.index('taken')
  for (let at = await index.openCursor(waiting); at; at = await at.continue()) {
    const photo = at.value
    if (isResting(photo.next_try, now)) continue
    const entry = await tx.objectStore('outbox').index('op').get(photo.op)
    if (entry && entry.result === null) continue
    return photo
  }
  return null
}

const isResting = (until: number, now: number): boolean =>
  until === NEVER || (until > now && until - now <= LONGEST_REST_MS)

async function handleRefusal(
  db: Database,
  net: Net,
  photo: PhotoMeta,
  reply: Reply<unknown>,
  random: () => number,
): Promise<Outcome> {
  if (reply.kind === 'offline') return { kind: 'offline', why: reply.why }
  if (reply.kind === 'ok') return { kind: 'offline', why: 'foreign' } // our status without our headers
  const tries = photo.tries + 1
  const rest = net.now() + Math.min(nextWait(tries, random(), reply.retryAfterMs), LONGEST_REST_MS)
  switch (reply.status) {
    case 401: // sign in again and KEEP the address
    case 426:
      return readRefused(reply)
    case 409: // another offset than ours: HEAD tells, next round
    case 423: // another connection is writing: wait, never a second upload
      await putBack(db, photo, { tries, next_try: rest, error: reply.code })
      return { kind: 'again' }
    case 404:
    case 410:
      await putBack(db, photo, { upload_url: null, offset: 0, tries, next_try: tries > 2 ? rest : 0, error: reply.code })
      return { kind: 'again' }
    case 460: {
      // A chunk damaged on the way is sent again; a whole file that does not hash starts from 0.
      const isWhole = reply.code === 'photo.hash_mismatch'
      await putBack(db, photo, {
        ...(isWhole ? { upload_url: null, offset: 0 } : {}),
        tries,
        next_try: tries > 2 ? rest : 0,
        error: reply.code,
      })
      return { kind: 'again' }
    }
    case 403:
    case 413:
    case 422:
      if (reply.code === 'device.revoked' || reply.code === 'access.denied') return readContactRefused(reply)
      // The server will not take it: the bytes stay, a person must look.
      await putBack(db, photo, { tries, next_try: net.now() + LONGEST_REST_MS, error: reply.code })
      return { kind: 'again' }
    default:
      return { kind: 'later', why: reply.code, afterMs: reply.retryAfterMs }
  }
}

async function putBack(db: Database, photo: PhotoMeta, change: Partial<PhotoMeta>): Promise<void> {
  const tx = db.transaction('photos_meta', 'readwrite', STRICT)
  await atomically(tx, async () => {
    const stored = await tx.store.get(photo.sha256)
    if (stored) await tx.store.put({ ...stored, ...change })
  })
}

/** A tap on "send now": photos that rest are tried at once. */
export async function wakePhotos(db: Database): Promise<void> {
  const tx = db.transaction('photos_meta', 'readwrite', STRICT)
  await atomically(tx, async () => {
    const resting = tx.store.indexNames.contains('rest')
      ? await tx.store.index('rest').getAll(IDBKeyRange.bound(['waiting', 0], ['waiting', []], true))
      : await tx.store.index('state').getAll('waiting')
    for (const photo of resting) if (photo.next_try > 0) await tx.store.put({ ...photo, next_try: 0 })
  })
}

/** The officer has seen that a photo's bytes cannot be read any more: it is not asked for again. */
export async function giveUpPhoto(db: Database, sha256: string): Promise<void> {
  const tx = db.transaction('photos_meta', 'readwrite', STRICT)
  await atomically(tx, async () => {
    const photo = await tx.store.get(sha256)
    if (photo) await tx.store.put({ ...photo, state: 'lost' })
  })
}

/** The server says a photo sent before is not stored (it discarded a damaged file): it waits again (§7.5). */
export async function reopenLostPhotos(db: Database, now: number): Promise<void> {
  const done = await db.getAllFromIndex('photos_meta', 'state', 'done')
  for (const photo of done) {
    const row = await db.get('rows', [photo.space, `photo:${photo.sha256}`])
    const isOld = Math.abs(now - (photo.done_at ?? now)) > SETTLED_MS
    if (isOld && row && !row.gone && row.fields.stored === false) {
      await putBack(db, photo, { state: 'waiting', upload_url: null, offset: 0, done_at: null })
    }
  }
}
