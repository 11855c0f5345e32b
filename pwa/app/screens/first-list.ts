import type { Card } from '@/storage/cards'
import type { Database } from '@/storage/db'
import { readOpen } from '@/storage/read-cards'

/** The first reading of the list, begun while the app still starts, for the store it was asked of. */
let first: { db: Database; cards: Promise<Card[]> } | null = null

export function askOpen(db: Database): void {
  first = { db, cards: readOpen(db) }
  first.cards.catch(() => undefined) // whoever takes it hears of it
}

/** Taken once: later the store may have changed. */
export function takeOpen(db: Database): Promise<Card[]> {
  const cards = first?.db === db ? first.cards : readOpen(db)
  first = null
  return cards
}

/** Resolves when what was asked for at the start is read; at once where nothing was. */
export async function firstRead(): Promise<void> {
  await first?.cards.catch(() => undefined)
}
