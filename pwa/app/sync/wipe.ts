import { deleteDB } from 'idb'
import { call, DEADLINE_MS, type Net } from '@/net/http'
import { isCovered } from '@/storage/exported'
import { nameOfPersonDb, type Database } from '@/storage/db'
import { dropAccount, putSetting } from '@/storage/device'
import { getCounter, getServerState, putServerState } from '@/storage/state'
import { getAuth } from './auth'
import { countUnsent } from './counts'
import { readRefused, type Outcome } from './outcome'

/**
 * Obeys a wipe order (§10) only when nothing unsent is left or all of it was exported, and only after the server has
 * been told; until then the order waits and the queue goes on draining.
 */
export async function obeyWipe(db: Database, net: Net): Promise<Outcome> {
  if (!(await getServerState(db)).wipe_ordered) return { kind: 'done' }
  const unsent = await countUnsent(db)
  if (unsent.ops + unsent.photos > 0 && !(await isCovered(db))) return { kind: 'done' }
  const { device } = await getCounter(db)
  const reply = await call(net, {
    method: 'POST',
    path: `/api/v1/devices/${encodeURIComponent(device)}/wiped`,
    ...(await getAuth(db)),
    deadlineMs: DEADLINE_MS,
    bodiless: true,
  })
  if (reply.kind === 'refused' && reply.code === 'device.no_wipe_order') {
    await putServerState(db, { wipe_ordered: false }) // taken back meanwhile
    return { kind: 'done' }
  }
  return reply.kind === 'ok' ? { kind: 'wiped' } : readRefused(reply)
}

/** Deletes everything this phone keeps of a person. */
export async function wipePerson(person: { id: number; account: string }): Promise<void> {
  await putSetting('profile', null)
  await putSetting('session_person', null)
  await dropAccount(person.account)
  await deleteDB(nameOfPersonDb(person.id))
}
