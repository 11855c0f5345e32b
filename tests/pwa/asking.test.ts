import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readCameraState } from '@/screens/camera-permission'
import { askToKeep, keepQuietly } from '@/screens/lasting'
import { lookAtNotices, switchNotices } from '@/screens/notices'
import { getSetting, putSetting } from '@/storage/device'

/** The browser's own ports: what they answer, and whether anybody was asked. */
function browser(state: PermissionState | null, more: object = {}) {
  const persist = vi.fn(() => Promise.resolve(false))
  const query = () => (state === null ? Promise.reject(new TypeError('no such name')) : Promise.resolve({ state }))
  vi.stubGlobal('navigator', { permissions: { query }, storage: { persist, persisted: () => Promise.resolve(false) }, ...more })
  return persist
}
beforeEach(() => Promise.all(['camera_opened', 'keeping_refused', 'notices'].map((name) => putSetting(name, null))))
afterEach(() => vi.unstubAllGlobals())

test('the reason for the camera is said before the first question, not once it was open', async () => {
  browser('prompt')
  expect(await readCameraState()).toBe('prompt')
  browser(null) // this browser does not tell
  expect(await readCameraState()).toBe('prompt')
  browser('granted')
  expect(await readCameraState()).toBe('granted')
  await putSetting('camera_opened', true)
  browser('prompt') // this browser asks each time
  expect(await readCameraState()).toBe('unknown')
  browser('denied')
  expect(await readCameraState()).toBe('denied')
})

test('a browser that would put a question to the officer is not asked to keep the stores before a tap', async () => {
  const firefox = browser('prompt')
  expect(await keepQuietly()).toBe(false)
  expect(firefox).not.toHaveBeenCalled()
  const safari = browser(null)
  await keepQuietly()
  expect(safari).toHaveBeenCalledTimes(1)
  const chromium = browser('prompt', { userAgentData: {} })
  await keepQuietly()
  expect(chromium).toHaveBeenCalledTimes(1)
  vi.stubGlobal('navigator', {})
  expect(await keepQuietly()).toBe(null)
  expect(await getSetting('keeping_refused')).toBe(null) // nobody has said no to anybody
})

test('that the stores were asked for in vain is remembered, until it is granted', async () => {
  const persist = browser('prompt')
  expect(await askToKeep()).toBe(false)
  expect(await getSetting('keeping_refused')).toBe(true)
  persist.mockResolvedValue(true)
  expect(await askToKeep()).toBe(true)
  expect(await getSetting('keeping_refused')).toBe(false)
})

test('notifications are on where the browser allows them and this phone wants them, and nothing is offered where there are none', async () => {
  expect(await lookAtNotices()).toBe('none')
  browser('prompt', { serviceWorker: {} })
  const notification = { permission: 'default', requestPermission: vi.fn(() => Promise.resolve((notification.permission = 'granted'))) }
  vi.stubGlobal('Notification', notification)
  vi.stubGlobal('ServiceWorkerRegistration', class { showNotification() {} })
  expect(await lookAtNotices()).toBe('off')
  expect(notification.requestPermission).not.toHaveBeenCalled()
  expect(await switchNotices(true)).toBe('on')
  expect(await switchNotices(false)).toBe('off')
  await switchNotices(true)
  notification.permission = 'denied' // in the browser's settings
  expect(await lookAtNotices()).toBe('denied')
})
