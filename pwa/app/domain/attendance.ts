import type { AbsenceFields, ArrivalFields, CheckinFields } from './records'

/** Why an officer who was drawn is not there; `domain/attendance.py` says the same. */
export const ABSENCE_REASONS = ['leave', 'duty', 'other'] as const
export type AbsenceReason = (typeof ABSENCE_REASONS)[number]
export const MAX_ABSENCE_NOTE = 200

export interface Attendance<A, B> {
  arrived: Map<number, A>
  late: Set<number>
  absent: Map<number, B>
}

export const isAbsence = <T extends CheckinFields>(one: T): one is T & AbsenceFields => 'absent' in one

/**
 * Who was there, from a sheet's check-ins by id. An arrival stands against every absence, whichever was said first;
 * of several arrivals one that was not late counts, of several absences the last.
 */
export function readAttendance<T extends CheckinFields>(records: T[]): Attendance<T & ArrivalFields, T & AbsenceFields> {
  const arrived = new Map<number, T & ArrivalFields>()
  const absent = new Map<number, T & AbsenceFields>()
  for (const one of records) {
    if (isAbsence(one)) {
      if (typeof one.absent === 'number') absent.set(one.absent, one)
      continue
    }
    const arrival = one as T & ArrivalFields
    if (typeof arrival.officer_id !== 'number') continue
    const before = arrived.get(arrival.officer_id)
    if (!before || (before.late && !arrival.late)) arrived.set(arrival.officer_id, arrival)
  }
  const late = new Set([...arrived].filter(([, one]) => one.late === true).map(([officer]) => officer))
  for (const officer of arrived.keys()) absent.delete(officer)
  return { arrived, late, absent }
}
