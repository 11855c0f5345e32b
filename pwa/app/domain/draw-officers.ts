import { compareCodePoints } from './canonical'
import { DrawRefused } from './draw-differences'
import type { Pool, PoolFirm, PoolOfficer } from './draw-pool'
import { ticket, type DrawnFirm } from './draw-tickets'

export interface Assignment {
  firm: string
  department: string
  /** Who is named first leads. */
  officers: string[]
}

/** Eligible first, then by load, then by ticket (docs/draw.md §7). Throws `DrawRefused` where officers are missing. */
export function matchOfficers(pool: Pool, drawn: DrawnFirm[], seed: string, drawId: string): Assignment[] {
  const firms = new Map(pool.firms.map((firm) => [firm.id, firm]))
  const load = new Map(pool.officers.map((one) => [one.id, one.load]))
  const staff = pool.rules.departments.map((department) => ({ department, own: suited(pool, department) }))
  const visits = drawn.map(({ id }) => firms.get(id)!)
  for (const firm of visits) {
    for (const { own } of staff) if (eligible(own, firm).length < pool.rules.perDepartment) throw new DrawRefused('draw.too_few_officers', firm.id)
  }
  return visits.flatMap((firm) =>
    staff.map(({ department, own }) => {
      const officers = pick(eligible(own, firm), load, (id) => ticket(seed, drawId, 'officer', firm.id, id), pool.rules.perDepartment)
      for (const id of officers) load.set(id, load.get(id)! + 1)
      return { firm: firm.id, department, officers }
    }),
  )
}

function suited(pool: Pool, department: string): PoolOfficer[] {
  const label = pool.rules.requiredLabels.get(department)
  return pool.officers.filter((one) => one.department === department && (label === undefined || one.labels.includes(label)))
}

function eligible(own: PoolOfficer[], firm: PoolFirm): PoolOfficer[] {
  return own.filter(
    (one) => (one.area === null || firm.area === null || one.area === firm.area) && !one.recusedFirms.includes(firm.id),
  )
}

/** Level by level of load; tickets are drawn only where they decide. */
function pick(officers: PoolOfficer[], load: Map<string, number>, draw: (id: string) => string, wanted: number): string[] {
  const levels = new Map<number, string[]>()
  for (const { id } of officers) {
    const level = load.get(id)!
    const known = levels.get(level)
    if (known) known.push(id)
    else levels.set(level, [id])
  }
  const picked: string[] = []
  for (const level of [...levels.keys()].sort((a, b) => a - b)) {
    const lots = levels.get(level)!.map((id) => ({ id, lot: draw(id) }))
    lots.sort((a, b) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : compareCodePoints(a.id, b.id)))
    picked.push(...lots.map(({ id }) => id))
    if (picked.length >= wanted) break
  }
  return picked.slice(0, wanted)
}
