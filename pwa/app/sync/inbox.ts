import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { Database } from '@/storage/db'

/** What a person was told, in words as the server has them (docs/protocol 13.12). */
export interface InboxItem {
  text: string
  about: string
  why: string
  at: string
  tone: 'error' | 'warn' | 'info'
  unread: boolean
}

export interface Inbox {
  person: number
  unread: number
  until: string
  /** What the list covers; a server of before has none. */
  shown?: string
  push_key: string
  items: InboxItem[]
}

/** The last state that reached this phone, and when, by its own clock. */
export interface KeptInbox {
  at: number
  inbox: Inbox
}

const KEY = 'inbox'
const PATH = '/api/v1/inbox'

export async function findInbox(db: Database): Promise<KeptInbox | null> {
  return ((await db.get('meta', KEY)) as KeptInbox | undefined) ?? null
}

/** Asks and keeps; without an answer the last one stands. Another person's answer is nobody's here. */
export async function readInbox(db: Database, net: Net, personId: number): Promise<{ kept: KeptInbox | null; isFresh: boolean }> {
  const reply = await call<Inbox>(net, { method: 'GET', path: PATH, deadlineMs: DEADLINE_MS })
  if (reply.kind !== 'ok' || !Array.isArray(reply.body.items) || reply.body.person !== personId) {
    return { kept: await findInbox(db), isFresh: false }
  }
  const kept = { at: net.now(), inbox: reply.body }
  await db.put('meta', kept, KEY)
  return { kept, isFresh: true }
}

/** Read up to what was shown; whether the server has heard it. */
export async function markRead(net: Net, { until, shown }: Inbox, csrf: string | null): Promise<boolean> {
  const reply = await call(net, { method: 'POST', path: `${PATH}/read`, body: { until, ...(shown === undefined ? {} : { shown }) }, csrf, deadlineMs: DEADLINE_MS, bodiless: true })
  return reply.kind === 'ok'
}
