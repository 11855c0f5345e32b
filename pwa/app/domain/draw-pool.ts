import { compareCodePoints, dumpCanonical } from './canonical'
import { DrawRefused, type JsonObject } from './draw-differences'
import { drawQuotas, plainDecimal, type Multipliers, type Quotas, type Tier } from './draw-quotas'
import { sha256Hex } from './sha256'

export const V1 = 'suicha-draw-1'
export const V2 = 'suicha-draw-2'
export const KNOWN = [V1, V2]
export const SEPARATOR = '\x1f'
export const SMALLEST_TEAM = 2

export interface PoolFirm {
  id: string
  tier: Tier | null
  area: string | null
}

export interface PoolOfficer {
  id: string
  department: string
  labels: string[]
  area: string | null
  recusedFirms: string[]
  load: number
}

export interface Rules {
  percent: string
  atLeast: number
  multipliers: Multipliers
  departments: string[]
  perDepartment: number
  requiredLabels: Map<string, string>
}

/** Who can be drawn, by which rules (docs/draw.md §4). Texts of version 2 are in NFC. */
export interface Pool {
  algorithm: string
  firms: PoolFirm[]
  officers: PoolOfficer[]
  rules: Rules
}

/** Throws `DrawRefused`. */
export function checkPool(pool: Pool): void {
  if (pool.rules.perDepartment < SMALLEST_TEAM) throw new DrawRefused('draw.team_too_small')
  const ids = [pool.firms.map((one) => one.id), pool.officers.map((one) => one.id)]
  for (const id of ids.flat()) if (!id || id.includes(SEPARATOR)) throw new DrawRefused('draw.bad_text', id)
  if (pool.algorithm !== V1) ids.push(pool.rules.departments)
  for (const kind of ids) {
    const seen = new Set<string>()
    for (const id of kind) {
      if (seen.has(id)) throw new DrawRefused('draw.duplicate', id)
      seen.add(id)
    }
  }
}

export function quotasOf(pool: Pool): Quotas {
  const available: Quotas = { low: 0, normal: 0, elevated: 0, high: 0 }
  for (const firm of pool.firms) available[firm.tier ?? 'normal'] += 1
  return drawQuotas(available, pool.rules.percent, pool.rules.multipliers, pool.rules.atLeast)
}

/** The pool as it is published: its canonical JSON is what the digest is of. */
export function canonicalPool(pool: Pool): JsonObject {
  const isFirst = pool.algorithm === V1
  const { rules } = pool
  const officers = pool.officers.map((one) => ({
    id: one.id,
    department: one.department,
    labels: sortedOnce(one.labels),
    area: one.area,
    recused_firms: sortedOnce(one.recusedFirms),
    ...(isFirst ? {} : { load: one.load }),
  }))
  const multipliers = Object.entries(rules.multipliers).map(([tier, text]) => [tier, text === 'whole' ? text : plainDecimal(text)])
  return {
    ...(isFirst ? {} : { algorithm: pool.algorithm }),
    firms: sortedById(pool.firms.map(({ id, tier, area }) => ({ id, tier, area }))),
    officers: sortedById(officers),
    rules: {
      percent: plainDecimal(rules.percent),
      at_least: rules.atLeast,
      multipliers: Object.fromEntries(multipliers) as JsonObject,
      departments: rules.departments,
      per_department: rules.perDepartment,
      required_labels: Object.fromEntries(rules.requiredLabels),
    },
    quotas: { ...quotasOf(pool) },
  }
}

export function digestOf(pool: JsonObject): string {
  return sha256Hex(dumpCanonical(pool))
}

function sortedById<T extends { id: string }>(entries: T[]): T[] {
  return entries.sort((a, b) => compareCodePoints(a.id, b.id))
}

function sortedOnce(texts: string[]): string[] {
  return [...new Set(texts)].sort(compareCodePoints)
}
