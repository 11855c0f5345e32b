import type { Database } from '@/storage/db'

const LEASE_MS = 5_000

/**
 * Calls `lead` in at most one tab per person and profile, and in the next one within seconds when that tab dies.
 * Web Locks where the browser has them; else a lease row that its holder renews.
 */
export function electLeader(name: string, db: Database, lead: () => void): () => void {
  const abort = new AbortController()
  if ('locks' in navigator && navigator.locks) {
    void navigator.locks
      .request(name, { signal: abort.signal }, () => {
        lead()
        return new Promise<void>((release) => abort.signal.addEventListener('abort', () => release()))
      })
      .catch(() => undefined)
    return () => abort.abort()
  }
  const me = crypto.getRandomValues(new Uint32Array(2)).join('-')
  let isLeading = false
  const renew = async () => {
    const isMine = await takeLease(db, me, Date.now())
    if (isMine && !isLeading) {
      isLeading = true
      lead()
    }
  }
  void renew()
  const timer = setInterval(() => void renew(), LEASE_MS / 2)
  return () => clearInterval(timer)
}

interface Lease {
  tab: string
  until: number
}

/** Takes or renews the lease; false while another tab holds it. */
export async function takeLease(db: Database, tab: string, now: number): Promise<boolean> {
  const tx = db.transaction('meta', 'readwrite')
  const lease = (await tx.store.get('lease')) as Lease | undefined
  const isMine = !lease || lease.tab === tab || lease.until < now
  if (isMine) await tx.store.put({ tab, until: now + LEASE_MS } satisfies Lease, 'lease')
  await tx.done
  return isMine
}
