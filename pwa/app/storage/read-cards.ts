import { buildCard, listNamed } from '@/sync/card'
import { askAll, atomically } from './atomic'
import { listCardless, type Card } from './cards'
import type { Database } from './db'
import { readLists } from './lists'

/** A tap waits for a transaction that makes cards, so each makes few. */
const AT_ONCE = 4

/** The list as far as it is known; `stale`: inspections whose card has to be made, the newest first. */
export interface CardList {
  open: Card[]
  entered: number
  isLoading: boolean
  stale: string[]
}

/** What there is to do, as far as its cards are made: quick, for counting goes through thousands. */
export function readOpen(db: Database): Promise<Card[]> {
  return db.getAllFromIndex('cards', 'group', 'open')
}

/** `known`: the open cards where they were read just now. */
export async function readCards(db: Database, today: string, known?: Card[]): Promise<CardList> {
  const tx = db.transaction(['cursors', 'cards'])
  const groups = tx.objectStore('cards').index('group')
  const [open, entered, loading, cardless, own] = await askAll(
    () => (known ? Promise.resolve(known) : groups.getAll('open')),
    () => groups.count('entered'),
    () => groups.count('loading'),
    () => listCardless(tx),
    () => tx.objectStore('cursors').getAll(IDBKeyRange.lowerBound('user:')),
  )
  await tx.done
  const isLoading = loading > 0 || own.some((cursor) => !cursor.ready)
  return { open, entered, isLoading, stale: [...cardless.reverse(), ...listOutdated(open, today)] }
}

/** The entered ones, wanted seldom. */
export async function readEntered(db: Database, today: string): Promise<{ cards: Card[]; stale: string[] }> {
  const cards = await db.getAllFromIndex('cards', 'group', 'entered')
  return { cards, stale: listOutdated(cards, today) }
}

/** Cards that were judged for another day. */
export function listOutdated(cards: Card[], today: string): string[] {
  return cards.filter((card) => card.day !== null && card.day !== today).map((card) => card.space)
}

/**
 * Makes the cards of these inspections, a few in each transaction; `isWanted` is asked before each. A card somebody
 * drops meanwhile stays dropped: who writes waits for the transaction, or it waits for who writes.
 */
export async function makeCards(db: Database, spaces: string[], today: string, isWanted: (left: number) => boolean): Promise<void> {
  for (let from = 0; from < spaces.length && isWanted(spaces.length - from); from += AT_ONCE) {
    const tx = db.transaction(['cursors', 'rows', 'outbox', 'lib', 'cards'], 'readwrite')
    await atomically(tx, async () => {
      for (const space of spaces.slice(from, from + AT_ONCE)) {
        const [cursor, rows, outbox] = await askAll(
          () => tx.objectStore('cursors').get(space),
          () => tx.objectStore('rows').index('space').getAll(space),
          () => tx.objectStore('outbox').index('space').getAll(space),
        )
        if (!cursor) continue // taken away meanwhile
        const lists = await readLists(db, tx, listNamed(rows))
        await tx.objectStore('cards').put(buildCard({ cursor, rows, outbox, lists, today }))
      }
    })
  }
}
