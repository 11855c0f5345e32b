import type { Database } from '@/storage/db'
import { getServerState } from '@/storage/state'
import { countWork } from './counts'

/** What the office's page "whose phone still holds data" knows of this phone (§13.7). */
export interface Heartbeat {
  unsent: number
  photos_waiting: number
  attention: number
  quarantined: number
  clock_offset_ms: number | null
  free_bytes: number | null
  persisted: boolean | null
  app: string
  label?: string
}

export async function readHeartbeat(db: Database, app: string, label: string): Promise<Heartbeat> {
  const [counts, server] = [await countWork(db), await getServerState(db)]
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null)
  return {
    unsent: counts.toSend,
    photos_waiting: counts.photos,
    attention: counts.attention,
    quarantined: counts.quarantined,
    clock_offset_ms: server.last_contact === null ? null : server.clock_off_ms,
    free_bytes: estimate?.quota ? Math.max(0, estimate.quota - (estimate.usage ?? 0)) : null,
    persisted: server.persisted,
    app,
    ...(label ? { label } : {}),
  }
}
