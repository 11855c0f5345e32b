import { watch } from 'vue'
import { route } from '@/screens/router'
import { app } from '@/screens/state'
import { settleWrites } from '@/screens/writes'

/** How long the other windows have to say that a form is open. */
const ANSWER_MS = 400
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('suicha-update') : null

/** Registers the service worker; a waiting new version takes over only where no form is open, in no window. */
export async function registerServiceWorker(): Promise<void> {
  channel?.addEventListener('message', (event: MessageEvent<string>) => {
    if (event.data === 'any-form?' && isFormOpen()) channel.postMessage('form')
  })
  if (!('serviceWorker' in navigator)) return
  followTakeover(navigator.serviceWorker)
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ go?: string }>) => {
    if (data.go) location.hash = data.go // a notification was tapped
  })
  const registration = await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/', updateViaCache: 'none' })
  const look = () => {
    // Without a controller this is the first install, not an update.
    if (registration.waiting && navigator.serviceWorker.controller) app.isUpdateWaiting = true
  }
  look()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look)
  })
  // Found waiting at the start, with nothing begun yet: now is the moment.
  if (app.isUpdateWaiting && !isFormOpen()) await activateUpdate()
}

/** Tells the waiting version to take over; it does so only if it can read every queue on this phone. */
export async function activateUpdate(): Promise<void> {
  app.isUpdateBarred = await isFormOpenElsewhere()
  if (app.isUpdateBarred) return
  const registration = await navigator.serviceWorker.getRegistration('/app/')
  registration?.waiting?.postMessage('activate-update')
}

/**
 * Whichever window let the new version in, the files of the old one are gone for all of them: each starts anew, at once
 * or as soon as its form is left. A window that sleeps cannot say that it has one open.
 */
function followTakeover(workers: ServiceWorkerContainer): void {
  let isControlled = workers.controller !== null
  const startAnew = () => {
    if (app.isUpdateTaken && !isFormOpen()) void settleWrites().then(() => location.reload())
  }
  // After the form has gone from the screen: what was typed last is written then.
  watch(() => route.value.name, startAnew, { flush: 'post' })
  workers.addEventListener('controllerchange', () => {
    // The very first version takes the page it came with: nothing is older here.
    app.isUpdateTaken = isControlled
    isControlled = true
    startAnew()
  })
}

function isFormOpen(): boolean {
  return !['today', 'queue', 'settings'].includes(route.value.name)
}

function isFormOpenElsewhere(): Promise<boolean> {
  if (!channel) return Promise.resolve(false)
  return new Promise((resolve) => {
    const hear = (event: MessageEvent<string>) => event.data === 'form' && end(true)
    const timer = setTimeout(() => end(false), ANSWER_MS)
    const end = (isOpen: boolean) => {
      clearTimeout(timer)
      channel.removeEventListener('message', hear)
      resolve(isOpen)
    }
    channel.addEventListener('message', hear)
    channel.postMessage('any-form?')
  })
}
