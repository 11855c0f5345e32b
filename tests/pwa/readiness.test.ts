import { expect, test } from 'vitest'
import { CHECKS, endOfTomorrow, isOpenQuestion, listUnready, ROOM_FOR_A_DAY_BYTES, type Facts } from '@/domain/readiness'

const now = Date.parse('2026-03-04T20:15:00+08:00')
const READY: Facts = {
  now,
  sessionUntil: Date.parse('2026-03-30T09:00:00+08:00'),
  needsSignIn: false,
  hasAllLists: true,
  lastContact: now - 60_000,
  isUpdateWaiting: false,
  needsUpgrade: false,
  freeBytes: 4_000_000_000,
  isPersisted: true,
  isKeepingRefused: false,
  clockOffMs: 1_500,
  camera: 'granted',
}

test('a phone on which all holds is ready, and so is one that cannot be asked', () => {
  expect(listUnready(READY)).toEqual([])
  expect(listUnready({ ...READY, sessionUntil: null, freeBytes: null, isPersisted: null, camera: 'unknown' })).toEqual([])
})

test('what nobody can tell is neither wrong nor called right, and a store that was asked for in vain holds nobody up', () => {
  const open = (facts: Facts) => CHECKS.filter((check) => isOpenQuestion(check, facts))
  expect(open(READY)).toEqual([])
  expect(open({ ...READY, freeBytes: null, isPersisted: null, camera: 'unknown' })).toEqual(['room', 'camera', 'kept'])
  const refused: Facts = { ...READY, isPersisted: false, isKeepingRefused: true }
  expect([listUnready(refused), open(refused)]).toEqual([[], ['kept']])
  expect(open({ ...READY, isPersisted: false })).toEqual([])
})

test.each<[string, Partial<Facts>, string]>([
  ['the sign-in ended', { needsSignIn: true }, 'sign_in'],
  ['a list is missing', { hasAllLists: false }, 'lists'],
  ['never in contact', { lastContact: null }, 'contact'],
  ['last contact the day before yesterday', { lastContact: now - 30 * 3_600_000 }, 'contact'],
  ['a last contact of next week: the clock was set back', { lastContact: now + 7 * 86_400_000 }, 'contact'],
  ['a new version waits', { isUpdateWaiting: true }, 'version'],
  ['the server takes this version no more', { needsUpgrade: true }, 'version'],
  ['no room for a day of photographs', { freeBytes: ROOM_FOR_A_DAY_BYTES - 1 }, 'room'],
  ['the browser may clear the stores', { isPersisted: false }, 'kept'],
  ['the clock is two minutes slow', { clockOffMs: -120_001 }, 'clock'],
  ['the camera was refused', { camera: 'denied' }, 'camera'],
  ['the camera was never asked for', { camera: 'prompt' }, 'camera'],
  ['no camera', { camera: 'none' }, 'camera'],
])('%s', (_name, change, check) => {
  expect(listUnready({ ...READY, ...change })).toEqual([check])
})

test('a sign-in must last to the end of tomorrow at the site, also when the phone keeps another zone', () => {
  expect(new Date(endOfTomorrow(now)).toISOString()).toBe('2026-03-05T16:00:00.000Z')
  // 00:30 in Beijing is still yesterday in UTC
  expect(new Date(endOfTomorrow(Date.parse('2026-03-04T00:30:00+08:00'))).toISOString()).toBe('2026-03-05T16:00:00.000Z')
  const atNoon = { ...READY, sessionUntil: Date.parse('2026-03-05T12:00:00+08:00') }
  expect(listUnready(atNoon)).toEqual(['sign_in'])
})

test('everything wrong is told in the order in which it has to be mended', () => {
  const broken: Facts = {
    ...READY, needsSignIn: true, hasAllLists: false, lastContact: null, isUpdateWaiting: true, freeBytes: 0,
    isPersisted: false, clockOffMs: 600_000, camera: 'denied',
  }
  expect(listUnready(broken)).toEqual([...CHECKS])
})
