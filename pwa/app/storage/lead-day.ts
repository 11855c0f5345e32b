import type { LeadDay } from '@/domain/lead-day'
import type { Database } from './db'

/** The last state of the lead's day that reached this phone, and when, by its own clock. */
export interface KeptDay {
  at: number
  day: LeadDay
}

const KEY = 'lead_day'

export async function findDay(db: Database): Promise<KeptDay | null> {
  return ((await db.get('meta', KEY)) as KeptDay | undefined) ?? null
}

export async function keepDay(db: Database, kept: KeptDay): Promise<void> {
  await db.put('meta', kept, KEY)
}

export async function dropDay(db: Database): Promise<void> {
  await db.delete('meta', KEY)
}
