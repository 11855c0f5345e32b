import { app } from '@/screens/store'

/** Registers the service worker; a waiting new version is shown, never forced. */
export async function registerServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/', updateViaCache: 'none' })
  const look = () => {
    // Without a controller this is the first install, not an update.
    if (registration.waiting && navigator.serviceWorker.controller) app.isUpdateWaiting = true
  }
  look()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look)
  })
}

/** Called by the update button only, which is shown only where no form is open. */
export async function activateUpdate(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration('/app/')
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  registration?.waiting?.postMessage('activate-update')
}
