// On /account/channels: <section data-push-key="…"> lets this browser be told of reminders. Without
// it the page says how; nothing else depends on it.

const WORKER = '/static/notices-worker.js'
const PATH = '/api/v1/push-subscription'
/** Where the browser's own service is out of reach, subscribing hangs for ever. */
const SUBSCRIBE_MS = 20_000

const section = document.querySelector('[data-push-key]')
const button = section?.querySelector('button')
const say = (word) => {
  for (const one of section.querySelectorAll('[data-said]')) one.hidden = one.dataset.said !== word
}

if (section && section.dataset.pushKey && 'serviceWorker' in navigator && 'PushManager' in window) {
  section.querySelector('[data-ask]').hidden = false
  say(Notification.permission === 'denied' ? 'denied' : '')
  button.addEventListener('click', () => subscribe().catch(() => say('failed')))
}

async function subscribe() {
  say('asking')
  if ((await Notification.requestPermission()) !== 'granted') return say('denied')
  const registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' })
  await active(registration)
  const subscription = await inTime(subscribed(registration.pushManager))
  const { endpoint, keys } = subscription.toJSON()
  const answer = await fetch(PATH, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': section.querySelector('[name=csrf_token]').value },
    body: JSON.stringify({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }),
  })
  if (!answer.ok) throw new Error(String(answer.status))
  location.reload() // the list has it now
}

/** A subscription of a server that has another key by now hears nothing: it is made anew. */
async function subscribed(manager) {
  const applicationServerKey = section.dataset.pushKey
  const known = await manager.getSubscription()
  if (known && toBase64Url(known.options.applicationServerKey) === applicationServerKey) return known
  await known?.unsubscribe()
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey })
}

const toBase64Url = (key) =>
  btoa(String.fromCharCode(...new Uint8Array(key ?? []))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** `serviceWorker.ready` would wait for a worker of this page, which this is not. */
async function active(registration) {
  const worker = registration.installing ?? registration.waiting
  while (!registration.active) await new Promise((go) => worker.addEventListener('statechange', go, { once: true }))
}

function inTime(work) {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error('deadline')), SUBSCRIBE_MS))
  return Promise.race([work, late])
}
