/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope

/** What a page wants said on the lock screen: numbers, nobody's name. */
export interface Notice {
  tag: string
  title: string
  body: string
  lang: string
  /** The screen a tap leads to. */
  place: string
}

/** Shown unless some window of the app is in sight; of each kind the newest alone. */
export async function showNotice({ tag, title, body, lang, place }: Notice): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window' })
  if (windows.some((one) => one.visibilityState === 'visible')) return
  await self.registration.showNotification(title, { tag, body, lang, icon: '/app/icons/any-192.png', data: place })
}

/** The app comes to the front at that screen: the window used last, or a new one. */
export async function openPlace(place: string): Promise<void> {
  const [window] = await self.clients.matchAll({ type: 'window' })
  if (!window) {
    await self.clients.openWindow(`/app/${place}`)
    return
  }
  window.postMessage({ go: place })
  await window.focus()
}
