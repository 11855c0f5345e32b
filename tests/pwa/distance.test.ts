import { describe, expect, test } from 'vitest'
import { distanceBetween, findFar } from '@/domain/distance'
import type { InspectionFields } from '@/domain/records'
import { compareDistance, distanceText, distanceTo, nearby } from '@/screens/nearby'
import file from '../vectors/distance.json'

describe('distance.json', () => {
  test.each(file.cases)('$name', ({ place, firm, metres, far }) => {
    expect([distanceBetween(place, firm), findFar(place, firm)]).toEqual([metres, far])
  })
})

test('an unknown place is never far', () => {
  const { place, firm } = file.cases[5]!
  expect([findFar(null, firm), findFar(place, null), findFar(place, undefined)]).toEqual([null, null, null])
})

test('the list is sorted by distance once it was asked for: the nearest first, unknown places last', () => {
  const firm = (lat_e7: number | null) =>
    ({ firm: { place: lat_e7 === null ? null : { lat_e7, lng_e7: 1124189000 } } }) as unknown as InspectionFields
  const list = [firm(null), firm(355762000), firm(354862000)]
  const order = () => [...list].sort(compareDistance).map((one) => list.indexOf(one))
  expect([order(), distanceTo(list[1]!)]).toEqual([[0, 1, 2], null])
  nearby.place = { lat_e7: 354862000, lng_e7: 1124189000, accuracy_m: 20 }
  expect(order()).toEqual([0, 1, 2])
  nearby.isSorted = true
  expect(order()).toEqual([2, 1, 0])
  expect(list.map(distanceTo).map((metres) => metres !== null && distanceText(metres))).toEqual([false, '10.0 公里', '0 米'])
})
