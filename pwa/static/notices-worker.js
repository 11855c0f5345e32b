// Shows what the server pushes to a browser of the office, and leads to the inbox. It keeps nothing
// and answers no request: the field app has a worker of its own.

const INBOX = '/inbox'

self.addEventListener('push', (event) => {
  event.waitUntil(show(event.data))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open())
})

/** Whatever it holds: a browser that gets a push and shows nothing says so itself. */
async function show(data) {
  let told = {}
  try {
    told = data?.json() ?? {}
  } catch {
    // shown without words
  }
  const { title = '随查', body = '', lang = 'zh-CN', tag = 'reminders' } = told
  await self.registration.showNotification(title, { body, lang, tag, icon: '/app/icons/any-192.png' })
}

/** An inbox that is open comes to the front, as it was; else a new window. */
async function open() {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const known = windows.find((one) => new URL(one.url).pathname === INBOX)
  await (known ? known.focus() : self.clients.openWindow(INBOX))
}
