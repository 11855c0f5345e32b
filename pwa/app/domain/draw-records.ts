import { compareCodePoints } from './canonical'
import { compare, difference, DrawRefused, has, isObject, shown, type Difference, type Json, type JsonObject } from './draw-differences'
import { matchOfficers } from './draw-officers'
import { canonicalPool, checkPool, digestOf, KNOWN, quotasOf, V1, type Pool } from './draw-pool'
import { DrawReader } from './draw-reading'
import { checkParts, drawFirms, isPlainSeed } from './draw-tickets'

export const FIELDS = ['algorithm', 'draw_id', 'pool', 'pool_sha256', 'seed', 'quotas', 'firms', 'assignments']

/** Draws and matches (docs/draw.md §3 to §7). Throws `DrawRefused`. */
export function buildRecord(pool: Pool, seed: string, drawId: string): JsonObject {
  checkPool(pool)
  if (pool.algorithm !== V1 && !(seed && isPlainSeed(seed))) {
    throw new DrawRefused(seed ? 'draw.bad_text' : 'draw.seed_required', seed)
  }
  const quotas = quotasOf(pool)
  if (pool.firms.length === 0) throw new DrawRefused('draw.pool_empty')
  checkParts(seed, drawId)
  const drawn = drawFirms(pool.firms, quotas, seed, drawId)
  const assignments = matchOfficers(pool, drawn, seed, drawId)
  const canonical = canonicalPool(pool)
  return {
    algorithm: pool.algorithm,
    draw_id: drawId,
    pool: canonical,
    pool_sha256: digestOf(canonical),
    seed,
    quotas: { ...quotas },
    firms: drawn.map((one) => ({ ...one })),
    assignments: assignments.map((one) => ({ ...one })),
  }
}

/** Empty when the record is equal to its recomputation; never throws. */
export function findDifferences(record: unknown): Difference[] {
  return recompute(record).differences
}

/** `recomputed` is null where the record does not let it come so far. */
export interface Recomputation {
  differences: Difference[]
  recomputed: JsonObject | null
}

/** Recomputes a record in the version it names (docs/draw.md §8). Never throws. */
export function recompute(record: unknown): Recomputation {
  if (!isObject(record)) return inVain([difference('record', 'unreadable', shown(record), 'an object')])
  const strange = Object.keys(record).filter((name) => !FIELDS.includes(name))
  const faults = [
    ...FIELDS.filter((name) => !has(record, name)).map((name) => difference(name, 'missing')),
    ...strange.sort(compareCodePoints).map((name) => difference(name, 'unknown_field')),
  ]
  if (faults.length > 0) return inVain(faults)
  const { algorithm } = record
  if (typeof algorithm !== 'string' || !KNOWN.includes(algorithm)) {
    return inVain([difference('algorithm', 'unknown_algorithm', shown(algorithm), KNOWN.join(', '))])
  }
  const reader = new DrawReader(algorithm)
  const drawId = reader.text(record.draw_id, 'draw_id')
  const seed = reader.text(record.seed, 'seed')
  const pool = reader.pool(record.pool!)
  if (reader.faults.length > 0) return inVain(reader.faults)
  try {
    const recomputed = buildRecord(pool, seed, drawId)
    return { differences: compareRecord(record, recomputed), recomputed }
  } catch (refusal) {
    if (refusal instanceof DrawRefused) return inVain([difference('record', 'refused', refusal.code, refusal.about)])
    throw refusal
  }
}

function inVain(differences: Difference[]): Recomputation {
  return { differences, recomputed: null }
}

function compareRecord(recorded: JsonObject, recomputed: JsonObject): Difference[] {
  const found: Difference[] = []
  for (const name of FIELDS) compare(name, recorded[name] as Json, recomputed[name] as Json, found)
  return found
}
