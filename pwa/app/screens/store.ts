import { reactive, shallowRef } from 'vue'
import { setLocale } from '@/i18n'
import { browserNet, type Net } from '@/net/http'
import { closeSession, changeLocale } from '@/net/session'
import { openPersonDb, type Database, type ServerState } from '@/storage/db'
import { getSetting, putSetting, type Profile } from '@/storage/device'
import { getServerState, putServerState } from '@/storage/state'
import { countWork, type WorkCounts } from '@/sync/counts'
import { electLeader } from '@/sync/leader'
import { SyncLoop, type LoopState } from '@/sync/loop'
import { signIn, type SignIn } from '@/sync/session'
import { SYNC_INTERVAL_MS } from '@/sync/loop'

export const APP_VERSION = '1.0.0'

export interface AppState {
  isReady: boolean
  profile: Profile | null
  loop: LoopState
  server: ServerState | null
  counts: WorkCounts
  /** Grows with every change of the store; screens watch it and read again. */
  changes: number
  isUpdateWaiting: boolean
  theme: 'auto' | 'light' | 'dark'
  deviceName: string
}

export const app = reactive<AppState>({
  isReady: false,
  profile: null,
  loop: { phase: 'idle', reason: '', nextTry: null, lastTry: null },
  server: null,
  counts: { toSend: 0, photos: 0, attention: 0 },
  changes: 0,
  isUpdateWaiting: false,
  theme: 'auto',
  deviceName: '',
})

const dbRef = shallowRef<Database | null>(null)
let loop: SyncLoop | null = null
let channel: BroadcastChannel | null = null
let resign: (() => void) | null = null
let watchdog: ReturnType<typeof setInterval> | undefined
const net: Net = browserNet

export function db(): Database {
  if (!dbRef.value) throw new Error('no person is signed in')
  return dbRef.value
}

/** Opens what the phone remembers: works without a network, across restarts. */
export async function startApp(): Promise<void> {
  app.theme = (await getSetting<AppState['theme']>('theme')) ?? 'auto'
  app.deviceName = (await getSetting<string>('device_name')) ?? guessDeviceName()
  applyTheme()
  const profile = await getSetting<Profile>('profile')
  if (profile) await enter(profile)
  app.isReady = true
}

async function enter(profile: Profile): Promise<void> {
  leave()
  dbRef.value = await openPersonDb(profile.person.id)
  await adopt(profile)
  channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(`suicha-${profile.person.id}`) : null
  channel?.addEventListener('message', (event: MessageEvent<{ wake?: string; state?: LoopState }>) => {
    if (event.data.wake) loop?.wake(event.data.wake as 'write')
    if (event.data.state) app.loop = event.data.state
    void readCounts()
  })
  await readCounts()
  resign = electLeader(`suicha-sync-${profile.person.id}`, dbRef.value, lead)
  watchdog = setInterval(() => {
    if (app.counts.toSend + app.counts.photos > 0) loop?.checkWatchdog()
  }, SYNC_INTERVAL_MS)
}

/** A language chosen offline stays chosen until the server has heard of it. */
async function adopt(profile: Profile): Promise<void> {
  const wanted = (await db().get('meta', 'locale_unsent')) as string | undefined
  app.profile = wanted ? { ...profile, person: { ...profile.person, locale: wanted } } : profile
  setLocale(app.profile.person.locale)
}

function lead(): void {
  loop = new SyncLoop({
    db: db(),
    net,
    app: APP_VERSION,
    random: Math.random,
    setTimer: (run, ms) => setTimeout(run, ms),
    clearTimer: (timer) => clearTimeout(timer as number),
    onState: (state) => {
      app.loop = state
      if (state.phase === 'idle') void sendLocale().catch(() => undefined)
      channel?.postMessage({ state })
    },
    onChange: () => {
      channel?.postMessage({})
      void readCounts()
    },
  })
  loop.wake('start')
}

function leave(): void {
  loop?.stop()
  resign?.()
  channel?.close()
  clearInterval(watchdog)
  loop = null
  channel = null
  resign = null
  dbRef.value?.close()
  dbRef.value = null
}

/** Starts a round here, or in the tab that leads. */
export function wakeSync(why: 'tap' | 'online' | 'visible' | 'write'): void {
  if (loop) loop.wake(why)
  else channel?.postMessage({ wake: why })
}

/** After an own write: the screens read again and the loop is told. */
export function noteWrite(): void {
  channel?.postMessage({})
  void readCounts()
  wakeSync('write')
}

let counting: Promise<void> | null = null
let isAskedAgain = false

/** Reads the counts anew; a wish that comes while they are being read is honoured by another reading after it. */
export function readCounts(): Promise<void> {
  app.changes += 1
  isAskedAgain = true
  counting ??= countUntilQuiet().finally(() => (counting = null))
  return counting
}

async function countUntilQuiet(): Promise<void> {
  while (isAskedAgain && dbRef.value) {
    isAskedAgain = false
    const database = dbRef.value
    try {
      app.server = await getServerState(database)
      app.counts = await countWork(database)
    } catch {
      // The database was closed meanwhile (sign-out); the next one counts anew.
    }
  }
}

export async function enterAccount(account: string, password: string): Promise<SignIn> {
  const current = app.profile?.person.account === account ? dbRef.value : null
  const result = await signIn(net, account, password, app.deviceName, current)
  if (result.kind !== 'in') return result
  if (current) {
    await adopt(result.profile)
    await readCounts()
    wakeSync('tap')
  } else {
    await enter(result.profile)
  }
  void askPersistence()
  return result
}

/** Whether the browser promises to keep the store; asked at sign-in, its answer is shown. */
export async function askPersistence(): Promise<boolean | null> {
  if (!navigator.storage?.persist) return null
  const isKept = (await navigator.storage.persisted()) || (await navigator.storage.persist())
  if (dbRef.value) app.server = await putServerState(dbRef.value, { persisted: isKept })
  return isKept
}

export async function chooseLocale(name: 'zh_CN' | 'en'): Promise<void> {
  setLocale(name)
  if (!app.profile) return
  app.profile = { ...app.profile, person: { ...app.profile.person, locale: name } }
  await putSetting('profile', JSON.parse(JSON.stringify(app.profile)))
  await db().put('meta', name, 'locale_unsent')
  await sendLocale()
}

/** Tells the server the chosen language; without a network the next round does. */
async function sendLocale(): Promise<void> {
  const database = dbRef.value
  const name = (await database?.get('meta', 'locale_unsent')) as string | undefined
  if (!database || !name) return
  const reply = await changeLocale(net, name, (await getServerState(database)).csrf)
  if (reply.kind === 'ok') await database.delete('meta', 'locale_unsent')
}

export async function chooseTheme(theme: AppState['theme']): Promise<void> {
  app.theme = theme
  applyTheme()
  await putSetting('theme', theme)
}

export async function nameDevice(name: string): Promise<void> {
  app.deviceName = name
  await putSetting('device_name', name)
}

/** Signs out. The caller has made sure that nothing waits, or that it was exported. The records stay. */
export async function signOut(): Promise<void> {
  const csrf = app.server?.csrf ?? null
  leave()
  await putSetting('profile', null)
  app.profile = null
  await closeSession(net, csrf)
}

function applyTheme(): void {
  if (app.theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = app.theme
}

function guessDeviceName(): string {
  const agent = navigator.userAgent
  const model = /Android [^;]+; ([^;)]+)/.exec(agent)?.[1]
  return model?.replace(/ Build.*/, '').slice(0, 40) ?? (/iPhone|iPad/.exec(agent)?.[0] ?? 'Web')
}
