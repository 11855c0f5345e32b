import type { Place } from '@/domain/records'

/** A place is a help, not a condition: no more than this is waited for one. */
const PLACE_WAIT_MS = 3_000

/** Whether the officer has allowed it before: then a tap need not ask. */
export async function mayFindPlace(): Promise<boolean> {
  if (!('geolocation' in navigator)) return false
  const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null)
  return permission?.state === 'granted'
}

/** Where the phone is, when the officer has allowed it before and it is quick to know; else null. Never asks. */
export async function findPlace(mayAsk = false): Promise<Place | null> {
  if (!('geolocation' in navigator)) return null
  const isAllowed = await mayFindPlace()
  if (!mayAsk && !isAllowed) return null
  // Whoever is asked needs time to read; whoever was asked before waits for the satellites only.
  const wait = PLACE_WAIT_MS * (isAllowed ? (mayAsk ? 2 : 1) : 5)
  return new Promise((resolve) => {
    const give = (place: Place | null) => resolve(place)
    setTimeout(() => give(null), wait)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        give({
          lat_e7: Math.round(coords.latitude * 1e7),
          lng_e7: Math.round(coords.longitude * 1e7),
          accuracy_m: Math.round(coords.accuracy),
        }),
      () => give(null),
      { enableHighAccuracy: true, timeout: wait, maximumAge: 60_000 },
    )
  })
}

/** For a check-in: what its box says is what happens, also where the place was allowed before. */
export async function placeOfArrival(isWanted: boolean): ReturnType<typeof askPlace> {
  return isWanted ? askPlace() : { place: null, lack: null }
}

/** Asked for by a tap. Without a place, why: `denied` where only the browser's settings can allow it again. */
export async function askPlace(): Promise<{ place: Place | null; lack: 'denied' | 'unknown' | null }> {
  const place = await findPlace(true)
  if (place) return { place, lack: null }
  const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null)
  return { place, lack: permission?.state === 'denied' ? 'denied' : 'unknown' }
}
