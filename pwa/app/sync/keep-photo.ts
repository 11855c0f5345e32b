import { findStoreFault } from '@/storage/atomic'
import type { Database } from '@/storage/db'
import { recordOps, type PhotoToKeep } from '@/storage/outbox'
import type { Draft } from './operation'
import { freePhotoBytes } from './retention'

const nothingIsFree = () => Promise.resolve(0)
/** What was deleted may be counted as free a moment later. */
const PAUSES_MS = [0, 400, 1_500]

/**
 * Stores a photo with its operation; resolves when both are on disk. A disk that is full is often told of by this
 * refusal alone: Chrome answers every page that 10 GB are free. Then photos that are proven to be at the server go
 * (§7.6), and the write is tried again; `draft` brings its operation id, so that it is stored once.
 */
export async function keepPhoto(db: Database, draft: Draft, photo: PhotoToKeep, now: number): Promise<void> {
  let refusal = await tryToKeep(db, draft, photo)
  if (refusal === null) return
  // What cannot be freed either changes nothing about why the photo was refused.
  const freed = await freePhotoBytes(db, nothingIsFree, now).catch(() => 0)
  for (const pause of freed > 0 ? PAUSES_MS : []) {
    await new Promise((done) => setTimeout(done, pause))
    refusal = await tryToKeep(db, draft, photo)
    if (refusal === null) return
  }
  throw refusal
}

/** What the browser said where the disk is full, null when the photo is kept; any other failure is thrown. */
async function tryToKeep(db: Database, draft: Draft, photo: PhotoToKeep): Promise<unknown> {
  try {
    await recordOps(db, [draft], photo)
    return null
  } catch (error) {
    if (findStoreFault(error) !== 'full') throw error
    return error
  }
}
