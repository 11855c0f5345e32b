import { afterEach, expect, test, vi } from 'vitest'
import { subscribe, unsubscribe } from '@/screens/push'
import { openPersonDb } from '@/storage/db'
import { findInbox, markRead, readInbox, type Inbox } from '@/sync/inbox'
import type { Net } from '@/net/http'

afterEach(() => vi.unstubAllGlobals())

const INBOX = { person: 6, unread: 1, until: '2026-03-04T01:00:00.000Z', shown: '12.5', push_key: 'BKey', items: [{ text: '请尽快办理', about: '内2026001-01', why: '', at: '2026-03-04T00:00:00.000Z', tone: 'warn', unread: true }] }

function server(answer: () => Response): { net: Net; asked: { method: string; path: string; body: unknown }[] } {
  const asked: { method: string; path: string; body: unknown }[] = []
  const send = (path: unknown, init?: RequestInit) => {
    asked.push({ method: init?.method ?? '', path: String(path), body: init?.body ? JSON.parse(String(init.body)) : null })
    return Promise.resolve(answer())
  }
  return { net: { fetch: send as typeof fetch, now: () => 1_000 }, asked }
}
const json = (body: unknown) => new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })

test('the inbox is kept for where there is no network, and another person sees none of it', async () => {
  const db = await openPersonDb(6)
  expect((await readInbox(db, server(() => json(INBOX)).net, 6)).isFresh).toBe(true)
  const offline = await readInbox(db, server(() => Response.error()).net, 6)
  expect([offline.isFresh, offline.kept?.inbox.items[0]?.text, offline.kept?.at]).toEqual([false, '请尽快办理', 1_000])
  const other = await openPersonDb(7)
  expect(await readInbox(other, server(() => json(INBOX)).net, 7)).toEqual({ kept: null, isFresh: false })
  expect(await findInbox(other)).toBe(null)
  const told = server(() => new Response(null, { status: 204 }))
  expect(await markRead(told.net, INBOX as Inbox, 'token')).toBe(true)
  expect(told.asked).toEqual([{ method: 'POST', path: '/api/v1/inbox/read', body: { until: INBOX.until, shown: '12.5' } }])
  db.close()
  other.close()
})

/** A browser with a push service of its own, which gives each subscription the key it was asked with. */
function browser(manager: object) {
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: () => Promise.resolve({ pushManager: manager }) } })
}
const subscription = (key: string) => {
  const bytes = Uint8Array.from(atob(key.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
  return {
    endpoint: `https://push.example.com/${key}`,
    options: { applicationServerKey: bytes.buffer },
    toJSON: () => ({ endpoint: `https://push.example.com/${key}`, keys: { p256dh: 'p', auth: 'a' } }),
    unsubscribe: vi.fn(() => Promise.resolve(true)),
  }
}

test('the server is told where the browser can be reached; one of an older key is given up first', async () => {
  const old = subscription('AAAA')
  const asked = vi.fn(() => Promise.resolve(subscription('BBBB')))
  browser({ getSubscription: () => Promise.resolve(old), subscribe: asked })
  const { net, asked: sent } = server(() => new Response(null, { status: 204 }))
  expect(await subscribe(net, 'BBBB', 'token')).toBe(true)
  expect(old.unsubscribe).toHaveBeenCalledTimes(1)
  expect(asked).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey: 'BBBB' })
  expect(sent).toEqual([{ method: 'PUT', path: '/api/v1/push-subscription', body: { endpoint: 'https://push.example.com/BBBB', keys: { p256dh: 'p', auth: 'a' } } }])
  browser({ getSubscription: () => Promise.resolve(subscription('BBBB')), subscribe: asked })
  expect(await subscribe(net, 'BBBB', 'token')).toBe(true)
  expect(asked).toHaveBeenCalledTimes(1) // the same key: nobody is asked again
})

test('without a key, a push service or a network nothing fails and nothing else waits', async () => {
  const { net, asked } = server(() => new Response(null, { status: 204 }))
  browser({ getSubscription: () => Promise.resolve(null), subscribe: () => Promise.reject(new DOMException('no service', 'AbortError')) })
  expect(await subscribe(net, '', 'token')).toBe(false)
  expect(await subscribe(net, 'BBBB', 'token')).toBe(false)
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: () => Promise.resolve({}) } })
  expect(await subscribe(net, 'BBBB', 'token')).toBe(false)
  await unsubscribe(net, 'token')
  expect(asked).toEqual([])
})

test('who turns them off or signs out is forgotten by the server before the browser forgets its address', async () => {
  const known = subscription('BBBB')
  browser({ getSubscription: () => Promise.resolve(known) })
  const { net, asked } = server(() => {
    expect(known.unsubscribe).not.toHaveBeenCalled()
    return new Response(null, { status: 204 })
  })
  await unsubscribe(net, 'token')
  expect(asked).toEqual([{ method: 'DELETE', path: '/api/v1/push-subscription', body: { endpoint: known.endpoint } }])
  expect(known.unsubscribe).toHaveBeenCalledTimes(1)
})
