import { makeDeviceId } from '@/domain/uuid'
import type { Net, Reply } from '@/net/http'
import { openSession, readSession, type SessionAnswer } from '@/net/session'
import { openPersonDb, type Database } from '@/storage/db'
import { findAccount, getSetting, putDevice, putSetting, type Profile } from '@/storage/device'
import { appendLog } from '@/storage/log'
import { adoptDevice, getCounter, getServerState, putServerState } from '@/storage/state'
import { countUnsent } from './counts'
import { changeEpoch, forkDevice } from './ledger'
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
  let device = (current ? (await getCounter(current)).device : await findStandingDevice(account)) ?? makeDeviceId()
  // From here until the answer is read the browser's cookie may be anybody's: no tab sends anything (I23).
  const before = await getSetting<number>('session_person')
  await putSetting('session_person', null)
  let reply = await openSession(net, { account, password, device: { id: device, name: deviceName } })
  if (reply.kind === 'refused' && reply.code === 'device.bound') {
    device = makeDeviceId()
    reply = await openSession(net, { account, password, device: { id: device, name: deviceName } })
  }
  if (reply.kind === 'refused' && reply.code === 'device.revoked') {
    // For ever, says the server (§13.7): what is recorded goes by the push-only credential; then a new name.
    if (await holdsUnsent(current, account)) await drainAsRevoked(current, account)
    else {
      device = makeDeviceId()
      reply = await openSession(net, { account, password, device: { id: device, name: deviceName } })
    }
  } else if (reply.kind === 'refused' && reply.status !== 429 && (await holdsUnsent(current, account))) {
    // A closed account is refused like a wrong password: the credential's own answer tells which of the two it is.
    await drainAsRevoked(current, account)
  }
  if (reply.kind !== 'ok') {
    await putSetting('session_person', before)
    if (reply.kind === 'offline') return { kind: 'offline', why: reply.why }
    return { kind: 'refused', code: reply.code, message: reply.message }
  }
  const { body } = reply
  const db = await openPersonDb(body.person.id)
  try {
    let counter = await adoptDevice(db, device)
    if (counter.device !== device) {
      await forkDevice(db, counter.device, device) // revoked or taken under its old name
      counter = await getCounter(db)
    }
    await putDevice(account, counter.device, body.person.id, { credential: body.push_credential, name: body.person.name })
    await rememberSession(db, body)
  } finally {
    db.close()
  }
  const profile = profileOf(body)
  await putSetting('profile', profile)
  await putSetting('session_person', body.person.id)
  return { kind: 'in', profile, personId: body.person.id }
}

/**
 * The device id this account had here, if its stores are still there. Where the browser has cleared them (F17), the
 * old name belongs to numbers nobody has any more: the phone takes a new one and the office sees the old one silent.
 */
async function findStandingDevice(account: string): Promise<string | null> {
  const known = await findAccount(account)
  if (!known?.person_id) return known?.device ?? null
  const db = await openPersonDb(known.person_id)
  try {
    return (await getCounter(db)).device || null
  } finally {
    db.close()
  }
}

/** Runs `work` on the account's stores, if this phone has any. */
async function withStores<T>(current: Database | null, account: string, work: (db: Database) => Promise<T>): Promise<T | null> {
  if (current) return work(current)
  const personId = (await findAccount(account))?.person_id
  if (!personId) return null
  const db = await openPersonDb(personId)
  try {
    return await work(db)
  } finally {
    db.close()
  }
}

async function holdsUnsent(current: Database | null, account: string): Promise<boolean> {
  const unsent = await withStores(current, account, countUnsent)
  return unsent !== null && unsent.ops + unsent.photos > 0
}

async function drainAsRevoked(current: Database | null, account: string): Promise<void> {
  await withStores(current, account, (db) => putServerState(db, { is_revoked: true }))
}

/**
 * At start: are the stores of the remembered person what they were? A person's database without a device is one the
 * browser has made anew after clearing it (F17): it gets a new device id, which the next contact makes known. True then.
 */
export async function adoptStores(db: Database, profile: Profile): Promise<boolean> {
  if ((await getCounter(db)).device !== '') return false
  const counter = await adoptDevice(db, makeDeviceId())
  await db.put('meta', profile.person.id, 'person')
  await enterScope(db, [`user:${profile.person.id}`])
  await putServerState(db, { needs_sign_in: true })
  const credential = (await findAccount(profile.person.account))?.push_credential
  if (credential) await db.put('meta', credential, 'push_credential')
  await putDevice(profile.person.account, counter.device, profile.person.id)
  await appendLog(db, 'stores.evicted', Date.now())
  return true
}

/** Writes down what a session answer says; a new epoch makes every space and operation start anew. */
async function rememberSession(db: Database, body: SessionAnswer): Promise<void> {
  const { epoch } = await getServerState(db)
  if (epoch !== null && epoch !== body.epoch) await changeEpoch(db, body.epoch)
  await db.put('meta', body.person.id, 'person')
  await enterScope(db, [`user:${body.person.id}`])
  if (body.push_credential) await db.put('meta', body.push_credential, 'push_credential')
  const standing = { needs_sign_in: false, is_revoked: false, wipe_ordered: false }
  await putServerState(db, { epoch: body.epoch, csrf: body.csrf, session_until: endOf(body), ...standing })
}

/** Takes a fresh CSRF token when the server no longer knows ours; refused when the session is another person's. */
export async function refreshSession(db: Database, net: Net): Promise<Reply<SessionAnswer>> {
  const reply = await readSession(net)
  const person = await db.get('meta', 'person')
  if (reply.kind === 'ok' && reply.body.person.id !== person) {
    // Another person signed in with this browser: their cookie must never carry our operations (I23).
    return { kind: 'refused', status: 401, code: 'session.required', message: '', details: {}, retryAfterMs: null }
  }
  if (reply.kind === 'ok') {
    const { epoch } = await getServerState(db)
    await putServerState(db, { csrf: reply.body.csrf, session_until: endOf(reply.body), epoch: epoch ?? reply.body.epoch })
  }
  return reply
}

function endOf(body: SessionAnswer): number | null {
  return body.expires_at ? Date.parse(body.expires_at) : null
}

export function profileOf(body: SessionAnswer): Profile {
  const { person, jurisdiction, department, officer, roles } = body
  return { person, jurisdiction, department, officer, roles }
}
