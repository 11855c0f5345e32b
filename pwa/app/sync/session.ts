import { makeDeviceId } from '@/domain/uuid'
import type { Net, Reply } from '@/net/http'
import { openSession, readSession, type SessionAnswer } from '@/net/session'
import { openPersonDb, type Database } from '@/storage/db'
import { findDevice, putDevice, putSetting, type Profile } from '@/storage/device'
import { adoptDevice, getCounter, getServerState, putServerState } from '@/storage/state'
import { changeEpoch } from './ledger'
import { enterScope } from './pages'

export type SignIn =
  | { kind: 'in'; profile: Profile; personId: number }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'offline'; why: string }

/**
 * Signs in online and prepares the person's database. `current` is the open database when the same person signs in
 * again in place: its device id is used, and its queue is not touched.
 */
export async function signIn(
  net: Net,
  account: string,
  password: string,
  deviceName: string,
  current: Database | null = null,
): Promise<SignIn> {
  let device = (current ? (await getCounter(current)).device : await findDevice(account)) ?? makeDeviceId()
  let reply = await openSession(net, { account, password, device: { id: device, name: deviceName } })
  if (reply.kind === 'refused' && reply.code === 'device.bound') {
    device = makeDeviceId()
    reply = await openSession(net, { account, password, device: { id: device, name: deviceName } })
  }
  if (reply.kind === 'offline') return { kind: 'offline', why: reply.why }
  if (reply.kind === 'refused') return { kind: 'refused', code: reply.code, message: reply.message }
  const { body } = reply
  const db = await openPersonDb(body.person.id, () => undefined)
  try {
    const counter = await adoptDevice(db, device)
    await putDevice(account, counter.device, body.person.id)
    await rememberSession(db, body)
  } finally {
    db.close()
  }
  const profile = profileOf(body)
  await putSetting('profile', profile)
  return { kind: 'in', profile, personId: body.person.id }
}

/** Writes down what a session answer says; a new epoch makes every space and operation start anew. */
async function rememberSession(db: Database, body: SessionAnswer): Promise<void> {
  const { epoch } = await getServerState(db)
  if (epoch !== null && epoch !== body.epoch) await changeEpoch(db, body.epoch)
  await db.put('meta', body.person.id, 'person')
  await enterScope(db, [`user:${body.person.id}`])
  await putServerState(db, { epoch: body.epoch, csrf: body.csrf, needs_sign_in: false })
}

/** Takes a fresh CSRF token when the server no longer knows ours. False when there is no session any more. */
export async function refreshSession(db: Database, net: Net): Promise<Reply<SessionAnswer>> {
  const reply = await readSession(net)
  const person = await db.get('meta', 'person')
  if (reply.kind === 'ok' && reply.body.person.id !== person) {
    // Another person signed in with this browser: their cookie must never carry our operations (I23).
    return { kind: 'refused', status: 401, code: 'session.required', message: '', details: {}, retryAfterMs: null }
  }
  if (reply.kind === 'ok') await putServerState(db, { csrf: reply.body.csrf })
  return reply
}

export function profileOf(body: SessionAnswer): Profile {
  const { person, jurisdiction, department, officer, roles } = body
  return { person, jurisdiction, department, officer, roles }
}
