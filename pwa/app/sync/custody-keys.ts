import { isKeyOf, type CustodyKeys } from '@/domain/receipt'
import { call, DEADLINE_MS, type Net } from '@/net/http'
import { atomically } from '@/storage/atomic'
import { STRICT, type Database } from '@/storage/db'
import { readRefused, type Outcome } from './outcome'

export async function readKeys(db: Database): Promise<CustodyKeys> {
  return ((await db.get('meta', 'custody_keys')) as CustodyKeys | undefined) ?? {}
}

/**
 * Learns the server's public keys (§13.9) in this person's session and keeps them for good: what an earlier key signed
 * can be checked after a change, and without a network. A key is taken only under the id that is its own hash, so a
 * known id never comes to mean another key.
 */
export async function learnKeys(db: Database, net: Net): Promise<Outcome> {
  const reply = await call<{ keys?: unknown }>(net, { method: 'GET', path: '/api/v1/custody-keys', deadlineMs: DEADLINE_MS })
  if (reply.kind !== 'ok') return readRefused(reply)
  const listed: unknown[] = Array.isArray(reply.body?.keys) ? reply.body.keys : []
  const tx = db.transaction('meta', 'readwrite', STRICT)
  await atomically(tx, async () => {
    const known = ((await tx.store.get('custody_keys')) as CustodyKeys | undefined) ?? {}
    const named = listed.filter(isNamedKey).map((one) => [one.key_id, one.public_key] as const)
    await tx.store.put({ ...known, ...Object.fromEntries(named) }, 'custody_keys')
  })
  return { kind: 'done' }
}

function isNamedKey(value: unknown): value is { key_id: string; public_key: string } {
  const one = value as { key_id?: unknown; public_key?: unknown } | null
  return typeof one?.key_id === 'string' && isKeyOf(one.key_id, one.public_key)
}
