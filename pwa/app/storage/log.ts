import { atomically } from './atomic'
import type { Database } from './db'

/** What the app did about itself (a loop started anew, a store found empty), for whoever is asked why. */
export interface LogLine {
  at: number
  what: string
}
const KEPT_LINES = 50

export async function appendLog(db: Database, what: string, at: number): Promise<void> {
  const tx = db.transaction('meta', 'readwrite')
  await atomically(tx, async () => {
    const lines = ((await tx.store.get('log')) as LogLine[] | undefined) ?? []
    await tx.store.put([...lines, { at, what }].slice(-KEPT_LINES), 'log')
  })
}

export async function readLog(db: Database): Promise<LogLine[]> {
  return ((await db.get('meta', 'log')) as LogLine[] | undefined) ?? []
}
