import { ref } from 'vue'
import { getSetting, putSetting } from '@/storage/device'

/** `none`: this browser has no notifications (an iPhone has them once the app is installed). */
export type Notices = 'none' | 'off' | 'on' | 'denied'
export const notices = ref<Notices>('none')

/** What the browser allows and this phone's officer wants; asks nobody. */
export async function lookAtNotices(): Promise<Notices> {
  notices.value = await read()
  return notices.value
}

async function read(): Promise<Notices> {
  if (!('Notification' in globalThis) || !('serviceWorker' in navigator) || !('showNotification' in ServiceWorkerRegistration.prototype)) return 'none'
  if (Notification.permission === 'denied') return 'denied'
  return Notification.permission === 'granted' && (await getSetting<boolean>('notices')) ? 'on' : 'off'
}

/** Upon a tap: on asks the browser where it has not been asked; on this phone, whoever signs in. */
export async function switchNotices(isOn: boolean): Promise<Notices> {
  if (isOn) await Notification.requestPermission()
  await putSetting('notices', isOn)
  // Who asks for it may put the phone away the next moment, before it has been begun by itself (main.ts).
  if (isOn) await import('./telling').then(({ startTelling }) => startTelling()).catch(() => undefined)
  return lookAtNotices()
}
