import { browserNet } from '@/net/http'
import { findInbox, readInbox } from '@/sync/inbox'
import { lookAtNotices } from './notices'
import { subscribe } from './push'
import { app, db } from './store'

const OLD_MS = 10 * 60_000

/** How much is unread, and, where notifications are on, where this phone can be reached: a browser may have changed its address. */
export async function lookAtInbox(isWanted = false): Promise<void> {
  const personId = app.profile?.person.id ?? 0
  const known = await findInbox(db())
  app.unread = known?.inbox.person === personId ? known.inbox.unread : 0
  if (!isWanted && known && Math.abs(browserNet.now() - known.at) < OLD_MS) return
  const { kept, isFresh } = await readInbox(db(), browserNet, personId)
  if (!kept || !isFresh) return
  app.unread = kept.inbox.unread
  if ((await lookAtNotices()) === 'on') await subscribe(browserNet, kept.inbox.push_key, app.server?.csrf ?? null)
}
