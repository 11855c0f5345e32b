import { deleteDB, openDB } from 'idb'
import { beforeAll, expect, test, vi } from 'vitest'
import { DB_VERSION } from '@/storage/version'

type Listener = (event: Record<string, unknown>) => void
const listeners = new Map<string, Listener>()
const skipWaiting = vi.fn(() => Promise.resolve())

const windows: { visibilityState: string; focus: () => Promise<void>; postMessage: (message: object) => void }[] = []
const openWindow = vi.fn(() => Promise.resolve(null))
const showNotification = vi.fn(() => Promise.resolve())

beforeAll(async () => {
  vi.stubGlobal('__PRECACHE__', [['/app/index.html', 'a'], ['/app/recovery.html', 'b'], ['/app/assets/x.js', 'c']])
  vi.stubGlobal('__VERSION__', 'v1')
  const cache = { match: (url: string) => Promise.resolve(new Response(url)) }
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) })
  vi.stubGlobal('self', {
    location: { origin: 'https://county' },
    addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
    skipWaiting,
    clients: { matchAll: () => Promise.resolve(windows), openWindow },
    registration: { showNotification },
  })
  await import('@/sw/sw')
})

/** What the worker answers a request with; null when it leaves it to the browser. */
async function ask(method: string, url: string, mode = 'cors'): Promise<string | null> {
  let answer: Promise<Response> | null = null
  listeners.get('fetch')!({ request: { method, url, mode }, respondWith: (given: Promise<Response>) => (answer = given) })
  return answer === null ? null : (await (answer as Promise<Response>)).text()
}

/** What the worker does upon an event, to its end. */
async function happen(name: string, event: object): Promise<void> {
  let done: Promise<unknown> = Promise.resolve()
  listeners.get(name)!({ ...event, waitUntil: (work: Promise<unknown>) => (done = work) })
  await done
}
const askToTakeOver = () => happen('message', { data: 'activate-update' })

test.each(['POST', 'PATCH', 'HEAD', 'DELETE', 'PUT'])('the worker never touches a %s, nor anything outside the app [I2 × F9]', async (method) => {
  expect(await ask(method, 'https://county/app/index.html')).toBeNull()
  expect(await ask(method, 'https://county/api/v1/sync/push')).toBeNull()
  expect(await ask('GET', 'https://county/api/v1/session')).toBeNull()
  expect(await ask('GET', 'https://elsewhere/app/index.html')).toBeNull()
})

test('every address of the app is its shell, the recovery page is itself', async () => {
  expect(await ask('GET', 'https://county/app/', 'navigate')).toBe('/app/index.html')
  expect(await ask('GET', 'https://county/app/anything', 'navigate')).toBe('/app/index.html')
  expect(await ask('GET', 'https://county/app/recovery.html', 'navigate')).toBe('/app/recovery.html')
  expect(await ask('GET', 'https://county/app/assets/x.js')).toBe('/app/assets/x.js')
})

test('a version that cannot read a queue on this phone does not take over [I24 I25 × F23]', async () => {
  const newer = await openDB('suicha-70001', DB_VERSION + 1)
  newer.close()
  await askToTakeOver()
  expect(skipWaiting).not.toHaveBeenCalled()
  await deleteDB('suicha-70001')
  await askToTakeOver()
  expect(skipWaiting).toHaveBeenCalledTimes(1)
})

test('a notice is shown by its kind, so that the later replaces the earlier, and not while some window is looked at', async () => {
  const notice = { tag: 'conflict', title: '2 项与他人填写不一致', body: '两份内容都在。', lang: 'zh-CN', place: '#/queue' }
  const window = { visibilityState: 'visible', focus: vi.fn(() => Promise.resolve()), postMessage: vi.fn() }
  windows.push(window)
  await happen('message', { data: { notice } })
  expect(showNotification).not.toHaveBeenCalled()
  window.visibilityState = 'hidden'
  await happen('message', { data: { notice } })
  expect(showNotification.mock.calls).toEqual([[notice.title, expect.objectContaining({ tag: 'conflict', data: '#/queue' })]])
})

test('a tap on a notice brings the app to the front at its screen, or opens it there', async () => {
  const window = { visibilityState: 'hidden', focus: vi.fn(() => Promise.resolve()), postMessage: vi.fn() }
  windows.splice(0, windows.length, window)
  const notification = { data: '#/queue', close: vi.fn() }
  await happen('notificationclick', { notification })
  expect(notification.close).toHaveBeenCalled()
  expect(window.postMessage).toHaveBeenCalledWith({ go: '#/queue' })
  expect(window.focus).toHaveBeenCalled()
  expect(openWindow).not.toHaveBeenCalled()
  windows.length = 0
  await happen('notificationclick', { notification })
  expect(openWindow).toHaveBeenCalledWith('/app/#/queue')
})

test('what the server pushes is shown whatever it holds, also beside an open window, and a tap leads to the inbox', async () => {
  windows.splice(0, windows.length, { visibilityState: 'visible', focus: () => Promise.resolve(), postMessage: vi.fn() })
  showNotification.mockClear()
  const told = { title: '随查提醒', body: '您有 3 件事项临近期限', lang: 'zh-CN', tag: 'reminders', place: '#/inbox' }
  await happen('push', { data: { json: () => told } })
  const shown = { tag: 'reminders', lang: 'zh-CN', icon: '/app/icons/any-192.png', data: '#/inbox' }
  expect(showNotification).toHaveBeenCalledWith('随查提醒', { ...shown, body: told.body })
  // A browser that is pushed to and shows nothing takes the permission away.
  for (const data of [null, { json: () => JSON.parse('{') as unknown }]) await happen('push', { data })
  expect(showNotification).toHaveBeenLastCalledWith('随查', { ...shown, body: '' })
  await happen('notificationclick', { notification: { close: () => undefined, data: '#/inbox' } })
  expect(windows[0]?.postMessage).toHaveBeenCalledWith({ go: '#/inbox' })
})
