import type { Auth } from '@/net/http'
import type { Database } from '@/storage/db'
import { getServerState } from '@/storage/state'

/**
 * How this phone shows who it is. The push-only credential of §10 leaves the phone only after the server itself has
 * said that the device or person is revoked; until then it stays in the store.
 */
export async function getAuth(db: Database): Promise<Auth> {
  const server = await getServerState(db)
  if (!server.is_revoked) return { csrf: server.csrf, credential: null }
  return { csrf: null, credential: await getPushCredential(db) }
}

export async function getPushCredential(db: Database): Promise<string | null> {
  return ((await db.get('meta', 'push_credential')) as string | undefined) ?? null
}
