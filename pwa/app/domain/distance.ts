import type { FirmPlace, Place } from './records'

/** `domain/distance.py` says the same, with the same vectors. */
const EARTH_M = 6_371_000
const FAR_M = 1_000

const radians = (e7: number) => ((e7 / 1e7) * Math.PI) / 180

/** Whole metres between two places, over the ground of a sphere. */
export function distanceBetween(a: FirmPlace, b: FirmPlace): number {
  const [latA, latB] = [radians(a.lat_e7), radians(b.lat_e7)]
  const lng = radians(b.lng_e7) - radians(a.lng_e7)
  const half = Math.sin((latB - latA) / 2) ** 2 + Math.cos(latA) * Math.cos(latB) * Math.sin(lng / 2) ** 2
  return Math.floor(2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half))) + 0.5)
}

/** Metres from the firm, where that is more than the place's own accuracy and a shifted map explain; else null. */
export function findFar(place: Place | null | undefined, firm: FirmPlace | null | undefined): number | null {
  if (!place || !firm) return null
  const metres = distanceBetween(place, firm)
  return metres > FAR_M + place.accuracy_m ? metres : null
}
