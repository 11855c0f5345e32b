import { hashBytes } from '@/net/tus'
import type { Database } from './db'

/** Reads a photo back from the store and hashes it again: only then the app may say 已保存 (§7.1). */
export async function verifyStoredPhoto(db: Database, sha256: string): Promise<boolean> {
  const bytes = await db.get('photo_bytes', sha256)
  return bytes !== undefined && (await hashBytes(bytes)) === sha256
}
