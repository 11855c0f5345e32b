import { reactive } from 'vue'
import { distanceBetween } from '@/domain/distance'
import type { InspectionFields, Place } from '@/domain/records'
import { t } from '@/i18n'

/** Where the phone is, for the list: only while it is open, never kept, never sent. */
export const nearby = reactive<{ place: Place | null; isSorted: boolean }>({ place: null, isSorted: false })

/** Metres to the firm; null where either place is not known. */
export function distanceTo(fields: InspectionFields): number | null {
  return nearby.place && fields.firm.place ? distanceBetween(nearby.place, fields.firm.place) : null
}

/** For a sort, once it was asked for: the nearest first, firms without a place last. */
export function compareDistance(a: InspectionFields, b: InspectionFields): number {
  if (!nearby.isSorted) return 0
  return (distanceTo(a) ?? Number.MAX_SAFE_INTEGER) - (distanceTo(b) ?? Number.MAX_SAFE_INTEGER)
}

/** As people say it: 350 米, 3.2 公里. */
export function distanceText(metres: number): string {
  if (metres < 1_000) return t('near.m', { n: Math.round(metres / 10) * 10 })
  return t('near.km', { n: metres < 100_000 ? (metres / 1_000).toFixed(1) : Math.round(metres / 1_000) })
}
