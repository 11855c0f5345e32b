/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope
declare const __PRECACHE__: (readonly [string, string])[]
declare const __VERSION__: string

import { DB_VERSION, PERSON_DB } from '../storage/version'
import { openPlace, showNotice, showPush } from './notices'

/**
 * Keeps the app's own files and nothing else. Only GET below /app/ is answered; /api/ is never touched. A new
 * version waits until the page asks for it: taking over under a half-filled form has cost others data.
 */
const CACHE = `shell-${__VERSION__}`
const FETCH_DEADLINE_MS = 60_000
const SHELL = '/app/index.html'
const KNOWN = new Set(__PRECACHE__.map(([url]) => url))

self.addEventListener('install', (event) => {
  event.waitUntil(precache())
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()))
})

self.addEventListener('message', (event) => {
  if (event.data === 'activate-update') event.waitUntil(takeOver())
  if (event.data?.notice) event.waitUntil(showNotice(event.data.notice))
})

self.addEventListener('push', (event) => {
  event.waitUntil(showPush(event.data))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openPlace(event.notification.data))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || !url.pathname.startsWith('/app/')) return
  if (request.mode === 'navigate') event.respondWith(fromCache(KNOWN.has(url.pathname) ? url.pathname : SHELL, request))
  else if (KNOWN.has(url.pathname)) event.respondWith(fromCache(url.pathname, request))
})

/** Only a version that can read every queue on this phone may take over (§8). */
async function takeOver(): Promise<void> {
  const stores = (await indexedDB.databases?.().catch(() => [])) ?? []
  const isReadable = stores.every(({ name, version }) => !PERSON_DB.test(name ?? '') || (version ?? 0) <= DB_VERSION)
  if (isReadable) await self.skipWaiting()
}

async function precache(): Promise<void> {
  const cache = await caches.open(CACHE)
  await Promise.all(
    __PRECACHE__.map(async ([url, revision]) => {
      // Where the name tells the content nothing is added: the browser keeps a script's compiled form under the address it
      // came from, and finds it again only when that is the one the page asks for.
      const answer = await fetch(isNamedByContent(url) ? url : `${url}?v=${revision}`, { cache: 'no-store', signal: AbortSignal.timeout?.(FETCH_DEADLINE_MS) ?? null })
      // A login portal answers 200 after a redirect; caching that would brick the app.
      if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`)
      await cache.put(url, answer)
    }),
  )
}

function isNamedByContent(url: string): boolean {
  return url.startsWith('/app/assets/')
}

async function fromCache(url: string, request: Request): Promise<Response> {
  const cached = await (await caches.open(CACHE)).match(url)
  return cached ?? fetch(request)
}

async function dropOldCaches(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('shell-') && name !== CACHE) await caches.delete(name)
}
