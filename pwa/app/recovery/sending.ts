import type { Net } from '@/net/http'
import type { Database } from '@/storage/db'
import { getServerState } from '@/storage/state'
import { StoodDown, takeLease } from '@/sync/leader'
import type { Outcome } from '@/sync/outcome'
import { newPace, pushOnce } from '@/sync/push'
import { refreshSession } from '@/sync/session'
import { newUploadPace, uploadOnce, wakePhotos } from '@/sync/uploads'
import { APP_VERSION } from '@/version'

const MOST_TURNS = 1_000

export type Sent = Outcome | { kind: 'busy' }

/**
 * Sends the queue with the app's own push and upload code, as the only one who talks: an app that runs in another
 * window keeps the lead, and then there is nothing to recover.
 */
export async function sendQueue(db: Database, personId: number, net: Net, locks = navigator.locks): Promise<Sent> {
  if (!locks) return send(db, net)
  return (await locks.request(`suicha-sync-${personId}`, { ifAvailable: true }, async (lock) =>
    lock ? send(db, net) : { kind: 'busy' },
  )) as Sent
}

async function send(db: Database, net: Net): Promise<Sent> {
  const me = crypto.getRandomValues(new Uint32Array(2)).join('-')
  // The lock is ours: whatever the row says, its tab is gone. Without locks a living tab renews its lease.
  if (!(await takeLease(db, me, Date.now(), Boolean(navigator.locks)))) return { kind: 'busy' }
  const guarded: Net = {
    ...net,
    async guard() {
      if (!(await takeLease(db, me, Date.now()))) throw new StoodDown('leader')
    },
  }
  try {
    return await run(db, guarded)
  } catch (error) {
    if (error instanceof StoodDown) return { kind: 'busy' }
    throw error
  }
}

async function run(db: Database, net: Net): Promise<Outcome> {
  if (!(await getServerState(db)).is_revoked) {
    // Whose session this browser holds is asked before anything is sent (I23).
    const reply = await refreshSession(db, net)
    if (reply.kind === 'offline') return { kind: 'offline', why: reply.why }
    if (reply.kind === 'refused' && reply.status === 401) return { kind: 'sign-in' }
  }
  await wakePhotos(db)
  const [pace, uploadPace] = [newPace(), newUploadPace()]
  for (const step of [() => pushOnce(db, net, APP_VERSION, pace), () => uploadOnce(db, net, uploadPace, Math.random)]) {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const outcome = await step()
      if (outcome.kind === 'done') break
      if (outcome.kind !== 'again') return outcome
    }
  }
  return { kind: 'done' }
}
