import { isObject, type Difference, type JsonObject } from '@/domain/draw-differences'
import { recompute } from '@/domain/draw-records'

/** What a citizen follows, in the order in which the draw was made. */
export const STEPS = ['pool', 'quotas', 'firms', 'officers'] as const
export type StepName = (typeof STEPS)[number]
/** `unknown`: it could not be computed, because the record itself cannot be read. */
export type StepState = 'same' | 'different' | 'unknown'

export interface Step {
  name: StepName
  state: StepState
  /** Numbers and words for its sentence. */
  values: Record<string, string>
}

export interface Verdict {
  differences: Difference[]
  steps: Step[]
  drawId: string
  /** The record's own digest is the one published for its draw; null for a record of another draw. */
  isPublished: boolean | null
}

const FIELDS: Record<StepName, RegExp> = {
  pool: /^(algorithm|draw_id|pool|pool_sha256|seed)\b/,
  quotas: /^quotas\b/,
  firms: /^firms\b/,
  officers: /^assignments\b/,
}

/** The draw a page is about. */
export interface Published {
  drawId: string
  digest: string
}

/** Recomputes a record from anywhere. Never throws. */
export function judge(record: unknown, published: Published): Verdict {
  const { differences, recomputed } = recompute(record)
  const values = recomputed && valuesOf(recomputed)
  const steps = STEPS.map((name) => {
    const differs = differences.some(({ path }) => FIELDS[name].test(path))
    return { name, state: values === null ? ('unknown' as const) : differs ? ('different' as const) : ('same' as const), values: values?.[name] ?? {} }
  })
  const own = isObject(record) ? record : {}
  return {
    differences,
    steps,
    drawId: typeof own.draw_id === 'string' ? own.draw_id : '',
    isPublished: own.draw_id === published.drawId ? own.pool_sha256 === published.digest : null,
  }
}

function valuesOf(recomputed: JsonObject): Record<StepName, Record<string, string>> {
  const pool = recomputed.pool as { firms: unknown[]; officers: unknown[] }
  const firms = String(pool.firms.length)
  return {
    pool: { firms, officers: String(pool.officers.length), digest: String(recomputed.pool_sha256) },
    quotas: Object.fromEntries(Object.entries(recomputed.quotas as JsonObject).map(([tier, n]) => [tier, String(n)])),
    firms: { firms, n: String((recomputed.firms as unknown[]).length) },
    officers: { n: String((recomputed.assignments as unknown[]).length) },
  }
}
