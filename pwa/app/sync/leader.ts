import { atomically } from '@/storage/atomic'
import type { Database } from '@/storage/db'

const LEASE_MS = 5_000
const RETRY_MS = 1_000

/** Another tab talks now, or another person is signed in: whoever wakes up with an old round does nothing more. */
export class StoodDown extends Error {
  override readonly name = 'StoodDown'
  constructor(readonly why: 'leader' | 'person' | 'restarted') {
    super(why)
  }
}

export interface Leadership {
  /** Whether this tab still talks. Asked in the store, so that a tab that was frozen meanwhile finds out. */
  mayTalk(): Promise<boolean>
  /** Takes over from a tab that holds on and does nothing (watchdog). */
  steal(): void
  resign(): void
}

export interface LeaderCalls {
  lead(): void
  lost(): void
}

/**
 * Calls `lead` in at most one tab per person and profile, and in the next one within seconds when that tab dies.
 * Web Locks where the browser has them; else a lease row that its holder renews. Either way the row `leader` names
 * the tab that talks, and every exchange looks at it first.
 */
export function electLeader(
  name: string,
  db: () => Database,
  calls: LeaderCalls,
  locks: LockManager | undefined = globalThis.navigator?.locks,
): Leadership {
  const me = crypto.getRandomValues(new Uint32Array(2)).join('-')
  return locks ? byLock(name, me, db, calls, locks) : byLease(me, db, calls)
}

function byLock(name: string, me: string, db: () => Database, calls: LeaderCalls, locks: LockManager): Leadership {
  const resigned = new AbortController()
  let isHolding = false
  const hold = async () => {
    if (resigned.signal.aborted) return
    await putLease(db(), { tab: me, until: Number.MAX_SAFE_INTEGER })
    isHolding = true
    calls.lead()
    await new Promise<void>((release) => resigned.signal.addEventListener('abort', () => release()))
  }
  const lose = () => {
    if (resigned.signal.aborted) return
    if (isHolding) calls.lost()
    isHolding = false
    setTimeout(queue, RETRY_MS) // the thief may die too, or our store could not be written
  }
  const queue = () => void locks.request(name, { signal: resigned.signal }, hold).catch(lose)
  queue()
  return {
    mayTalk: async () => isHolding && (await readLease(db()))?.tab === me,
    steal: () => void locks.request(name, { steal: true }, hold).catch(lose),
    resign: () => resigned.abort(),
  }
}

function byLease(me: string, db: () => Database, calls: LeaderCalls): Leadership {
  let isLeading = false
  let isResigned = false
  const renew = async (isForced = false): Promise<boolean> => {
    if (isResigned) return false
    const isMine = await takeLease(db(), me, Date.now(), isForced).catch(() => false)
    if (isMine !== isLeading) {
      isLeading = isMine
      if (isMine) calls.lead()
      else calls.lost()
    }
    return isMine
  }
  void renew()
  const timer = setInterval(() => void renew(), LEASE_MS / 2)
  return {
    mayTalk: () => renew(),
    steal: () => void renew(true),
    resign() {
      isResigned = true
      clearInterval(timer)
    },
  }
}

interface Lease {
  tab: string
  until: number
}

/** Takes or renews the lease; false while another tab holds it. */
export async function takeLease(db: Database, tab: string, now: number, isForced = false): Promise<boolean> {
  const tx = db.transaction('meta', 'readwrite')
  return atomically(tx, async () => {
    const lease = (await tx.store.get('lease')) as Lease | undefined
    // A lease far in the future is a clock that was set back, or a tab with locks that is gone.
    const isOver = !lease || lease.until < now || lease.until > now + 2 * LEASE_MS
    const isMine = isForced || isOver || lease.tab === tab
    if (isMine) await tx.store.put({ tab, until: now + LEASE_MS } satisfies Lease, 'lease')
    return isMine
  })
}

async function putLease(db: Database, lease: Lease): Promise<void> {
  await db.put('meta', lease, 'lease')
}

async function readLease(db: Database): Promise<Lease | undefined> {
  return (await db.get('meta', 'lease')) as Lease | undefined
}
