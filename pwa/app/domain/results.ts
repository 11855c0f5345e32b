import type { Outcome } from './judge'
import { RESULT_OF, type OutcomeFact } from './outcomes'

/** The national result codes 抽查检查结果 of the publication system (docs/domain.md 3.1). */
export const RESULT_CODES = [1, 2, 3, 4, 5, 6, 7, 8] as const
export type ResultCode = (typeof RESULT_CODES)[number]

/** Worst first: 6 uncooperative, 4 unreachable, 8 pending, 5 ordered to correct, 3, 2, 7 not engaged, 1 no issue. */
const WORST_FIRST: readonly number[] = [6, 4, 8, 5, 3, 2, 7, 1]

/** The firm-level result: the worst item. `null` when nothing is chosen yet. */
export function findWorstResult(codes: Iterable<number>): number | null {
  let worst: number | null = null
  for (const code of codes) {
    if (worst === null || WORST_FIRST.indexOf(code) < WORST_FIRST.indexOf(worst)) worst = code
  }
  return worst
}

/**
 * What the entry screen proposes: anything that did not fail is 1; a failing item must be chosen by a person. Where
 * nothing could be checked, the code of the reason.
 */
export function suggestResult(outcome: Outcome, visit: OutcomeFact | null = null): number | null {
  if (visit) return RESULT_OF[visit.outcome]
  return outcome === 'pass' || outcome === 'na' || outcome === 'recorded' ? 1 : null
}

/** Whether a code says that a problem was found. */
export function isProblem(code: number): boolean {
  return code !== 1 && code !== 7
}
