import { afterEach, expect, test, vi } from 'vitest'
import { askPlace, findPlace, mayFindPlace, placeOfArrival } from '@/screens/place'

const HERE = { coords: { latitude: 35.48, longitude: 112.41, accuracy: 12.4 } }

/** The browser's own port: what it answers, and whether it was asked. */
function browser(state: PermissionState, place: typeof HERE | null) {
  const getCurrentPosition = vi.fn((give: (found: object) => void, fail: (why: object) => void) => (place ? give(place) : fail({ code: 1 })))
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition }, permissions: { query: () => Promise.resolve({ state }) } })
  return getCurrentPosition
}
afterEach(() => vi.unstubAllGlobals())

test('nobody is asked for the place unless the officer has ticked it', async () => {
  const asked = browser('prompt', HERE)
  expect(await findPlace()).toBe(null)
  expect(asked).not.toHaveBeenCalled()
})

test('a place that was refused, or not found, says which, and is no condition', async () => {
  browser('denied', null)
  expect(await askPlace()).toEqual({ place: null, lack: 'denied' })
  browser('granted', null)
  expect(await askPlace()).toEqual({ place: null, lack: 'unknown' })
  browser('granted', HERE)
  expect(await askPlace()).toEqual({ place: { lat_e7: 354_800_000, lng_e7: 1_124_100_000, accuracy_m: 12 }, lack: null })
})

test('an arrival without the box ticked has no place, though the phone may tell it', async () => {
  const asked = browser('granted', HERE)
  expect(await mayFindPlace()).toBe(true)
  expect(await placeOfArrival(false)).toEqual({ place: null, lack: null })
  expect(asked).not.toHaveBeenCalled()
  expect((await placeOfArrival(true)).place).toMatchObject({ lat_e7: 354_800_000 })
  browser('prompt', HERE)
  expect(await mayFindPlace()).toBe(false)
})
