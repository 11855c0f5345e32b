import { hashBytes } from '@/net/tus'
import type { Database } from './db'

/** Reads a photo back from the store and hashes it again: only then the app may say 已保存 (§7.1). */
export async function verifyStoredPhoto(db: Database, sha256: string): Promise<boolean> {
  const bytes = await db.get('photo_bytes', sha256)
  return bytes !== undefined && (await hashBytes(bytes)) === sha256
}

/** Below this much free space new photos are refused, with the reason: a full disk loses the form as well. */
export const FREE_FLOOR_BYTES = 60 * 1024 * 1024

export async function hasRoomFor(bytes: number): Promise<boolean> {
  if (!navigator.storage?.estimate) return true
  const { quota, usage } = await navigator.storage.estimate()
  if (!quota) return true
  return quota - (usage ?? 0) - bytes > FREE_FLOOR_BYTES
}
