import { expect, test } from 'vitest'
import { Way } from '@/screens/way'

test('a screen one goes back to stands where it was left, and a new one at its beginning', () => {
  const way = new Way('', 7)
  expect(way.arrive('#/i/1', 40, null)).toBe(0)
  const left = way.mark
  expect(way.arrive('#/queue', 900, null)).toBe(0)
  expect(way.arrive('#/i/1', 0, left)).toBe(900)
  expect(way.arrive('#/queue', 900, null)).toBe(0)
})

test('the screen behind is known by its address, also the first one, and after going back', () => {
  const way = new Way('', 7)
  expect([way.isBehind('#/'), way.hasBehind]).toEqual([false, false])
  way.arrive('#/i/1', 0, null)
  const visit = way.mark
  way.arrive('#/i/1/tr/0', 0, null)
  expect([way.isBehind('#/i/1'), way.isBehind('#/'), way.hasBehind]).toEqual([true, false, true])
  way.arrive('#/i/1', 0, visit)
  expect([way.isBehind('#/'), way.isBehind('#/i/1/tr/0')]).toEqual([true, false])
})

test('behind an entry from before the app was opened anew nothing is known', () => {
  const way = new Way('#/i/1', 8)
  expect(way.arrive('#/i/1/tr/0', 300, { opening: 7, stop: 0 })).toBe(0)
  expect(way.isBehind('#/i/1')).toBe(false)
})
