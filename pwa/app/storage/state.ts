import { makeDeviceId } from '@/domain/uuid'
import { atomically } from './atomic'
import { STRICT, type Contact, type Counter, type Database, type ServerState } from './db'

const NO_SERVER: ServerState = {
  epoch: null,
  csrf: null,
  last_seq: 0,
  durable_seq: 0,
  last_contact: null,
  clock_off_ms: 0,
  needs_sign_in: false,
  session_until: null,
  needs_upgrade: false,
  is_revoked: false,
  wipe_ordered: false,
  persisted: null,
}
const KEPT_CONTACTS = 200

export async function getCounter(db: Database): Promise<Counter> {
  return ((await db.get('meta', 'counter')) as Counter | undefined) ?? { device: '', seq: 0, prev: null }
}

/** Gives the database its device id at first use; later calls change nothing. */
export async function adoptDevice(db: Database, device: string | null): Promise<Counter> {
  const tx = db.transaction('meta', 'readwrite', STRICT)
  return atomically(tx, async () => {
    const stored = (await tx.store.get('counter')) as Counter | undefined
    const counter = stored ?? { device: device ?? makeDeviceId(), seq: 0, prev: null }
    if (!stored) await tx.store.put(counter, 'counter')
    return counter
  })
}

export async function getServerState(db: Database): Promise<ServerState> {
  return { ...NO_SERVER, ...((await db.get('meta', 'server')) as Partial<ServerState> | undefined) }
}

export async function putServerState(db: Database, change: Partial<ServerState>): Promise<ServerState> {
  const tx = db.transaction('meta', 'readwrite')
  return atomically(tx, async () => {
    const before = (await tx.store.get('server')) as Partial<ServerState> | undefined
    const after = { ...NO_SERVER, ...before, ...change }
    await tx.store.put(after, 'server')
    return after
  })
}

/**
 * Keeps (device time, server time, round trip) of a contact (§6) and returns how far the phone's clock is off,
 * in milliseconds; positive when the phone is ahead.
 */
export async function recordContact(db: Database, contact: Contact): Promise<number> {
  const server = Date.parse(contact.server_time)
  const off = Number.isNaN(server) ? 0 : Math.round(contact.device_ms - contact.rtt_ms / 2 - server)
  const tx = db.transaction('contacts', 'readwrite')
  await atomically(tx, async () => {
    await tx.store.add(contact)
    const surplus = (await tx.store.count()) - KEPT_CONTACTS
    let cursor = surplus > 0 ? await tx.store.openCursor() : null
    for (let i = 0; cursor && i < surplus; i += 1) {
      await cursor.delete()
      cursor = await cursor.continue()
    }
  })
  await putServerState(db, { last_contact: contact.device_ms, clock_off_ms: off })
  return off
}
