import { findStoreFault } from '@/storage/atomic'
import type { Database } from '@/storage/db'
import { recordOps, type PhotoToKeep } from '@/storage/outbox'
import type { Draft } from './operation'
import { freePhotoBytes } from './retention'

const nothingIsFree = () => Promise.resolve(0)

/**
 * Stores a photo with its operation; resolves when both are on disk. A disk that is full is often told of by this
 * refusal alone: Chrome answers every page that 10 GB are free. Then photos that are proven to be at the server go
 * (§7.6), and the write is tried once more; `draft` brings its operation id, so that it is stored once.
 */
export async function keepPhoto(db: Database, draft: Draft, photo: PhotoToKeep, now: number): Promise<void> {
  try {
    await recordOps(db, [draft], photo)
  } catch (error) {
    if (findStoreFault(error) !== 'full') throw error
    // What cannot be freed either changes nothing about why the photo was refused.
    const freed = await freePhotoBytes(db, nothingIsFree, now).catch(() => 0)
    if (freed === 0) throw error
    await recordOps(db, [draft], photo)
  }
}
