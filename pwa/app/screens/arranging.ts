import { ref } from 'vue'
import { todayAtSite } from '@/domain/time'
import type { Database } from '@/storage/db'
import { makeCards, readCards } from '@/storage/read-cards'

/** So few cards are made before a list is shown; of more, the list shows what there is and fills up. */
export const FEW = 8
const SHOWN_EVERY = 40

/** Grows when there are more cards to show. */
export const arranged = ref(0)

let under: Promise<void> | null = null

/**
 * Makes the cards that are missing, the newest inspections first, while the person goes on: after an update of the app
 * and after a large pull it is all of them. Ends early when another store is open.
 */
export function arrange(opened: () => Database | null): Promise<void> {
  under ??= makeAll(opened).finally(() => (under = null))
  return under
}

async function makeAll(opened: () => Database | null): Promise<void> {
  const db = opened()
  if (!db) return
  const today = todayAtSite()
  const isOpen = () => opened() === db
  for (let { stale } = await readCards(db, today); stale.length > 0 && isOpen(); { stale } = await readCards(db, today)) {
    await makeCards(db, stale.slice(0, SHOWN_EVERY), today, isOpen)
    arranged.value += 1
  }
}
