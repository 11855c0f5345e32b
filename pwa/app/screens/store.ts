import { shallowRef } from 'vue'
import { setLocale } from '@/i18n'
import { browserNet, type Net } from '@/net/http'
import { closeSession, changeLocale } from '@/net/session'
import { openPersonDb, type Database } from '@/storage/db'
import { getSetting, getSettings, putSetting, type Profile } from '@/storage/device'
import { appendLog } from '@/storage/log'
import { listOthersUnsent } from '@/storage/others'
import { withReopen, type Connection } from '@/storage/reopen'
import { getServerState, putServerState } from '@/storage/state'
import { electLeader, StoodDown, type Leadership } from '@/sync/leader'
import { SYNC_INTERVAL_MS, SyncLoop, WATCHDOG_MS, type LoopState } from '@/sync/loop'
import { adoptStores, signIn, type SignIn } from '@/sync/session'
import { wipePerson } from '@/sync/wipe'
import { APP_VERSION } from '@/version'
import { arrange } from './arranging'
import { countIn } from './counting'
import { askOpen, firstRead } from './first-list'
import { askToKeep, keepQuietly } from './lasting'
import { applyTextSize, applyTheme, guessDeviceName } from './preferences'
import { unsubscribe } from './push'
import { route } from './router'
import { app, RESTING, type AppState } from './state'
import { settleWrites } from './writes'

export { APP_VERSION } from '@/version'
export { app } from './state'
export { chooseTextSize, chooseTheme, nameDevice } from './preferences'

const dbRef = shallowRef<Database | null>(null)
let loop: SyncLoop | null = null
let channel: BroadcastChannel | null = null
let leadership: Leadership | null = null
let watchdog: ReturnType<typeof setInterval> | undefined
const net: Net = browserNet

export function db(): Database {
  if (!dbRef.value) throw new Error('no person is signed in')
  return dbRef.value
}

let reopening: Promise<Database> | null = null
/** The person's database, opened anew when the browser has ended the connection. */
const connection: Connection = {
  current: db,
  reopen() {
    const personId = app.profile?.person.id
    if (personId === undefined || app.stores !== 'ok') return Promise.reject(new Error('the stores are closed'))
    reopening ??= openStores(personId)
      .then((fresh) => {
        dbRef.value?.close()
        dbRef.value = fresh
        void readCounts()
        return fresh
      })
      .finally(() => (reopening = null))
    return reopening
  },
}

/** Writes that may be done twice without harm; done once more when the connection broke under them. */
export function writing<T>(work: (db: Database) => Promise<T>): Promise<T> {
  return withReopen(connection, work)
}

function openStores(personId: number): Promise<Database> {
  return openPersonDb(personId, {
    onLost: () => void connection.reopen().catch(() => undefined),
    onBlocked: () => (app.stores = 'blocked'),
    async onOutdated() {
      // A newer app needs the stores. What is typed goes to disk first; then this page starts anew with that app.
      loop?.stop()
      await settleWrites()
      app.stores = 'outdated'
      setTimeout(() => location.reload(), RELOAD_MS)
    },
  }).then((opened) => {
    app.stores = 'ok'
    return opened
  })
}

/** Long enough to read why the page starts anew. */
const RELOAD_MS = 1_500

/** Opens what the phone remembers: works without a network, across restarts. */
export async function startApp(): Promise<void> {
  const [theme, textSize, deviceName, profile] = await getSettings('theme', 'text_size', 'device_name', 'profile')
  app.theme = (theme as AppState['theme'] | null) ?? 'auto'
  app.textSize = (textSize as AppState['textSize'] | null) ?? 'normal'
  app.deviceName = (deviceName as string | null) ?? guessDeviceName()
  applyTheme()
  applyTextSize()
  if (profile) await enter(profile as Profile)
  app.isReady = true
}

async function enter(profile: Profile): Promise<void> {
  leave()
  dbRef.value = await openStores(profile.person.id)
  // The list is what an officer opens the app for: it is asked for before anything else.
  if (route.value.name === 'today') askOpen(db())
  ;[app.isEvicted] = await Promise.all([adoptStores(db(), profile), adopt(profile)])
  // Before any screen: a photo taken at once names how far the clock is off, and what is ready is not guessed.
  app.server = await getServerState(db())
  app.isOpen = true
  channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(`suicha-${profile.person.id}`) : null
  channel?.addEventListener('message', (event: MessageEvent<{ wake?: string; state?: LoopState }>) => {
    if (event.data.wake) loop?.wake(event.data.wake as 'write')
    if (event.data.state) app.loop = event.data.state
    void readCounts()
  })
  watchdog = setInterval(() => void watch().catch(() => undefined), SYNC_INTERVAL_MS)
  void firstRead()
    .then(counting.count)
    .then(() => app.isOpen && app.profile?.person.id === profile.person.id && !leadership && stand(profile.person.id))
}

/** A queue with no attempt for ten minutes: the loop is started anew here, or taken over from a tab that hangs. */
async function watch(): Promise<void> {
  if (app.counts.toSend + app.counts.photos === 0 || app.server?.needs_sign_in) return
  if (loop) {
    loop.checkWatchdog()
    return
  }
  const last = ((await db().get('meta', 'attempt')) as number | undefined) ?? 0
  if (Math.abs(net.now() - last) < WATCHDOG_MS) return
  await appendLog(db(), 'loop.taken_over', net.now())
  leadership?.steal()
}

/** A language chosen offline stays chosen until the server has heard of it. */
async function adopt(profile: Profile): Promise<void> {
  const wanted = (await db().get('meta', 'locale_unsent')) as string | undefined
  app.profile = wanted ? { ...profile, person: { ...profile.person, locale: wanted } } : profile
  await setLocale(app.profile.person.locale)
}

function stand(personId: number): void {
  leadership = electLeader(`suicha-sync-${personId}`, db, { lead, lost: standDown })
}

/** After another person was signed in with this browser: this tab stands again once its own person is back. */
async function standAgain(): Promise<void> {
  const personId = app.profile?.person.id
  if (leadership || personId === undefined || (await getSetting<number>('session_person')) !== personId) return
  if (!leadership) stand(personId)
}

function lead(): void {
  const personId = app.profile?.person.id
  loop?.stop()
  loop = new SyncLoop({
    store: connection,
    net,
    app: APP_VERSION,
    label: () => app.deviceName,
    async guard() {
      if (!(await leadership?.mayTalk())) throw new StoodDown('leader')
      if ((await getSetting<number>('session_person')) !== personId) throw new StoodDown('person')
    },
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
    onWipe: () => void obeyWipeOrder(),
    onOtherPerson() {
      leadership?.resign()
      leadership = null
      loop = null
    },
  })
  loop.wake('start')
}

/** Another tab talks now. */
function standDown(): void {
  loop?.stop()
  loop = null
}

async function obeyWipeOrder(): Promise<void> {
  const profile = app.profile
  if (!profile) return
  leave()
  app.profile = null
  app.stores = 'wiped'
  await wipePerson(profile.person)
}

function leave(): void {
  loop?.stop()
  leadership?.resign()
  channel?.close()
  clearInterval(watchdog)
  loop = null
  channel = null
  leadership = null
  dbRef.value?.close()
  dbRef.value = null
  Object.assign(app, { isOpen: false, isCounted: false, loop: { ...RESTING } })
}

/** Starts a round here, or in the tab that leads. */
export function wakeSync(why: 'tap' | 'online' | 'visible' | 'write'): void {
  if (!leadership) void standAgain()
  if (loop) loop.wake(why)
  else channel?.postMessage({ wake: why })
}

const counting = countIn(() => dbRef.value, () => void arrangeCards())
export const readCounts = counting.again

/** Makes what the list lacks; only then every conflict is counted. */
export async function arrangeCards(): Promise<void> {
  await arrange(() => dbRef.value).then(readCounts, () => undefined) // closed meanwhile: the next one's are made anew
}

/** After an own write: the screens read again and the loop is told. */
export function noteWrite(ops: number, photos = 0): void {
  counting.add(ops, photos)
  channel?.postMessage({})
  void readCounts()
  wakeSync('write')
}

export async function enterAccount(account: string, password: string): Promise<SignIn> {
  const current = app.profile?.person.account === account ? dbRef.value : null
  const result = await signIn(net, account, password, app.deviceName, current)
  if (result.kind !== 'in') {
    if (current) wakeSync('tap') // a revoked phone hands on what it holds
    return result
  }
  Object.assign(app, { stores: 'ok', isSigningInAgain: false })
  if (current) {
    await adopt(result.profile)
    await readCounts()
    wakeSync('tap')
  } else {
    await settleWrites() // what the person before was typing is still theirs
    await enter(result.profile)
  }
  void keepQuietly().then(noteKept).catch(() => undefined)
  return result
}

/** Asks the browser, upon a tap, to keep the stores; its answer is shown and told to the office. */
export async function askPersistence(): Promise<boolean | null> {
  return noteKept(await askToKeep())
}

async function noteKept(persisted: boolean | null): Promise<boolean | null> {
  if (dbRef.value && persisted !== null) app.server = await putServerState(dbRef.value, { persisted })
  return persisted
}

export async function chooseLocale(name: 'zh_CN' | 'en'): Promise<void> {
  await setLocale(name)
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

/** Whose undelivered work this phone holds besides that of the person signed in. */
export async function readOthers(): Promise<void> {
  const personId = app.profile?.person.id
  app.others = personId === undefined ? [] : await listOthersUnsent(personId)
}

/** Signs out. The caller has made sure that nothing waits, or that it was exported. The records stay. */
export async function signOut(): Promise<void> {
  const csrf = app.server?.csrf ?? null
  leave()
  await putSetting('profile', null)
  await putSetting('session_person', null)
  app.profile = null
  await unsubscribe(net, csrf).catch(() => undefined) // or the next person's phone would tell of this one's
  await closeSession(net, csrf)
}
