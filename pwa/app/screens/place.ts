import type { Place } from '@/domain/records'

/** A place is a help, not a condition: no more than this is waited for one. */
const PLACE_WAIT_MS = 3_000

/** Where the phone is, when the officer has allowed it before and it is quick to know; else null. Never asks. */
export async function findPlace(mayAsk = false): Promise<Place | null> {
  if (!('geolocation' in navigator)) return null
  if (!mayAsk) {
    const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null)
    if (permission?.state !== 'granted') return null
  }
  return new Promise((resolve) => {
    const give = (place: Place | null) => resolve(place)
    setTimeout(() => give(null), mayAsk ? PLACE_WAIT_MS * 5 : PLACE_WAIT_MS)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        give({
          lat_e7: Math.round(coords.latitude * 1e7),
          lng_e7: Math.round(coords.longitude * 1e7),
          accuracy_m: Math.round(coords.accuracy),
        }),
      () => give(null),
      { enableHighAccuracy: true, timeout: mayAsk ? PLACE_WAIT_MS * 5 : PLACE_WAIT_MS, maximumAge: 60_000 },
    )
  })
}

/** Asked for by a tap. Without a place, why: `denied` where only the browser's settings can allow it again. */
export async function askPlace(): Promise<{ place: Place | null; lack: 'denied' | 'unknown' | null }> {
  const place = await findPlace(true)
  if (place) return { place, lack: null }
  const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null)
  return { place, lack: permission?.state === 'denied' ? 'denied' : 'unknown' }
}
