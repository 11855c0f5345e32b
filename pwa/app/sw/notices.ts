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

/** What came from the server while the app slept. Shown whatever it is: a browser that gets a push and shows nothing says so itself. */
export async function showPush(data: PushMessageData | null): Promise<void> {
  const told = read(data)
  const { title, tag, body, lang, place } = { ...UNREADABLE, ...told }
  await self.registration.showNotification(title, { tag, body, lang, icon: '/app/icons/any-192.png', data: place })
}

const UNREADABLE: Notice = { tag: 'reminders', title: '随查', body: '', lang: 'zh-CN', place: '#/inbox' }

function read(data: PushMessageData | null): Partial<Notice> {
  try {
    return (data?.json() ?? {}) as Partial<Notice>
  } catch {
    return {}
  }
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
