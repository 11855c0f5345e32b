import { watch } from 'vue'
import { listNews, NOTHING, type NewsKind, type Standing } from '@/domain/news'
import { todayAtSite } from '@/domain/time'
import { LANG, locale, t } from '@/i18n'
import type { Notice } from '@/sw/notices'
import { isAllOnReceipt, readStanding } from '@/sync/standing'
import { lookAtNotices, notices } from './notices'
import { app, db } from './store'

const PLACES: Record<NewsKind, string> = { returned: '#/', assigned: '#/', refused: '#/queue', conflict: '#/queue', sent: '#/queue' }
const ALL = ['all']

/** As the officer left it, and whose phone it was then; null while the app is in sight. */
let seen: { of: number; standing: Standing } | null = null
let told: Standing = NOTHING

let isTelling = false

/** Tells of what a round of sync brought while nobody looks. Without a push from the server it ends where the phone puts the app to sleep. Once is enough. */
export function startTelling(): void {
  if (isTelling) return
  isTelling = true
  const turn = () => {
    const isWaiting = app.counts.toSend + app.counts.photos > 0 // as the officer saw it last
    void inTurn(document.hidden ? () => leave(isWaiting) : comeBack)
  }
  document.addEventListener('visibilitychange', turn)
  if (document.hidden) turn()
  watch(
    () => app.loop,
    ({ phase }) => {
      if (document.hidden && (phase === 'idle' || phase === 'waiting')) void inTurn(tell)
    },
  )
}

let last: Promise<unknown> = Promise.resolve()
/** One after the other: what is told is measured by what was read before. */
function inTurn(work: () => Promise<void>): Promise<unknown> {
  last = last.then(work).catch(() => undefined) // signed out meanwhile
  return last
}

async function leave(isWaiting: boolean): Promise<void> {
  told = NOTHING
  seen = null
  if ((await lookAtNotices()) !== 'on' || !app.profile) return
  // Where nothing waits there is no arrival to tell of.
  const sent = isWaiting ? [] : ALL
  seen = { of: app.profile.person.id, standing: { ...(await readStanding(db(), todayAtSite())), sent } }
}

async function tell(): Promise<void> {
  if (!seen || notices.value !== 'on' || seen.of !== app.profile?.person.id) return
  const isSent = told.sent === ALL || (seen.standing.sent !== ALL && (await isAllOnReceipt(db())))
  const now: Standing = { ...(await readStanding(db(), todayAtSite())), sent: isSent ? ALL : [] }
  for (const { kind, n } of listNews(seen.standing, told, now)) {
    await say({ tag: kind, title: t(`news.${kind}`, { n }), body: t(`news.${kind}_do`), lang: LANG[locale.value], place: PLACES[kind] })
  }
  told = now
}

async function say(notice: Notice): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration('/app/')
  registration?.active?.postMessage({ notice })
}

/** Who looks at the app has no more need of them. */
async function comeBack(): Promise<void> {
  seen = null
  if (notices.value !== 'on') return
  const registration = await navigator.serviceWorker.getRegistration('/app/')
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close()
}
