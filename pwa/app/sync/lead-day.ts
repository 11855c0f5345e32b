import { isLeadDay } from '@/domain/lead-day'
import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { Database } from '@/storage/db'
import { dropDay, findDay, keepDay, type KeptDay } from '@/storage/lead-day'

export interface DayRead {
  kept: KeptDay | null
  /** Whether what is kept came just now; else it is what was there before. */
  isFresh: boolean
}

/**
 * Asks for the lead's day and keeps it. Without an answer the last one stands, with its age; who may not see a day any
 * more (403) keeps none, and another person's answer is nobody's here.
 */
export async function readDay(db: Database, net: Net, personId: number): Promise<DayRead> {
  const reply = await call<unknown>(net, { method: 'GET', path: '/api/v1/day', deadlineMs: DEADLINE_MS })
  if (reply.kind === 'refused' && reply.status === 403) await dropDay(db)
  if (reply.kind !== 'ok' || !isLeadDay(reply.body) || reply.body.person !== personId) {
    return { kept: await findDay(db), isFresh: false }
  }
  const kept = { at: net.now(), day: reply.body }
  await keepDay(db, kept)
  return { kept, isFresh: true }
}

const OLD_MS = 10 * 60_000

/** For the list of tasks, which a lead opens before driving off: what is kept is seldom older than the last look at it. */
export async function readDayIfOld(db: Database, net: Net, personId: number): Promise<void> {
  const kept = await findDay(db)
  if (!kept || Math.abs(net.now() - kept.at) > OLD_MS) await readDay(db, net, personId)
}
