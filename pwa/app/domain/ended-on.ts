import { isDate } from './judge'
import { todayAtSite } from './time'

/** Why the visit cannot have ended on that day, whatever else is on record: the server would refuse it. */
export function findImpossible(endedOn: string, today: string, assignedOn: string | undefined): 'future' | 'before_assigned' | null {
  if (endedOn > today) return 'future'
  return assignedOn && endedOn < assignedOn ? 'before_assigned' : null
}

export type Contradiction = { why: 'before_arrival' | 'other_day'; date: string }

/**
 * What is on record against this day as the end of the visit: nobody had arrived yet, or the form says another day.
 * The deadline is counted from it, and a wrong year is one tap away.
 */
export function findContradictions(endedOn: string, arrivals: { at: string }[], stated: unknown): Contradiction[] {
  const days = arrivals.map(({ at }) => todayAtSite(Date.parse(at))).sort()
  const found: Contradiction[] = []
  if (days[0] && endedOn < days[0]) found.push({ why: 'before_arrival', date: days[0] })
  if (isDate(stated) && stated !== endedOn) found.push({ why: 'other_day', date: stated })
  return found
}
