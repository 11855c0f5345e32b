import { countUnsent } from '@/sync/counts'
import { listAccounts } from './device'
import { openAsIs } from './open-as-is'

/** Work of another person that only this phone holds. */
export interface OtherWork {
  name: string
  n: number
}

/**
 * What others who signed in on this phone have not delivered yet. Their stores are opened as they are and only counted;
 * stores that cannot be read are left to the recovery page, which says why.
 */
export async function listOthersUnsent(personId: number): Promise<OtherWork[]> {
  const found: OtherWork[] = []
  for (const other of await listAccounts()) {
    if (other.person_id === null || other.person_id === personId) continue
    const n = await countOf(other.person_id).catch(() => 0)
    if (n > 0) found.push({ name: other.name ?? other.account, n })
  }
  return found
}

async function countOf(personId: number): Promise<number> {
  const db = await openAsIs(`suicha-${personId}`)
  if (!db) return 0
  try {
    const { ops, photos } = await countUnsent(db)
    return ops + photos
  } finally {
    db.close()
  }
}
