import { call, DEADLINE_MS, type Net } from '@/net/http'

const PATH = '/api/v1/push-subscription'
/** Where the browser's own service is out of reach, subscribing hangs for ever. */
const SUBSCRIBE_MS = 20_000

/**
 * Tells the server where this browser can be reached; whether it can. Without a key, a service or a network it cannot,
 * and the inbox is all there is: nothing else depends on it. The same again changes nothing.
 */
export async function subscribe(net: Net, key: string, csrf: string | null): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration('/app/')
  if (!key || !registration || !('pushManager' in registration)) return false
  try {
    const subscription = await inTime(subscribed(registration.pushManager, key))
    const reply = await call(net, { method: 'PUT', path: PATH, body: told(subscription), csrf, deadlineMs: DEADLINE_MS, bodiless: true })
    return reply.kind === 'ok'
  } catch {
    return false
  }
}

/** The server first: a browser that has forgotten its address could not name it any more. */
export async function unsubscribe(net: Net, csrf: string | null): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration('/app/')
  const subscription = await registration?.pushManager?.getSubscription()
  if (!subscription) return
  await call(net, { method: 'DELETE', path: PATH, body: { endpoint: subscription.endpoint }, csrf, deadlineMs: DEADLINE_MS, bodiless: true })
  await subscription.unsubscribe().catch(() => false)
}

async function subscribed(manager: PushManager, key: string): Promise<PushSubscription> {
  const known = await manager.getSubscription()
  if (known && isSame(known.options.applicationServerKey, key)) return known
  await known?.unsubscribe() // of a server that has another key by now
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

function isSame(known: ArrayBuffer | null, key: string): boolean {
  return known !== null && toBase64Url(new Uint8Array(known)) === key
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function told(subscription: PushSubscription): object {
  const { endpoint, keys } = subscription.toJSON()
  return { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth } }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<never>((_, fail) => setTimeout(() => fail(new Error('deadline')), SUBSCRIBE_MS))])
}
