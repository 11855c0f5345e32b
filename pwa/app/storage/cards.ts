import type { InspectionFields } from '@/domain/records'
import type { SheetModel } from '@/sync/inspection-view'
import { askAll } from './atomic'
import type { Database, StoreName } from './db'

/**
 * What the list shows of one inspection, kept so that a list of thousands need not read what they are made of.
 * A card is never changed: whoever writes what it is made of (rows, operations, lists, the cursor) drops it in the same
 * transaction, and it is made anew in one transaction over all of that. So it is not there, or it is true.
 */
export interface Card {
  space: string
  /** `loading`: not wholly here yet; `none`: its own row is not there. Both are only known, not shown. */
  group: 'open' | 'entered' | 'loading' | 'none'
  /** The day it was judged for, where the day matters; null: it holds on any day. */
  day: string | null
  /** Null for what is only known. */
  shown: ShownCard | null
  /** Checklists that its sheets name and this phone lacks. */
  lacks: string[]
  /** Rows with an open conflict that is this person's to settle. */
  conflicts: string[]
}

export interface ShownCard {
  fields: InspectionFields
  state: SheetModel['state']
  done: number
  total: number
  hasAllLists: boolean
}

/** The stores of a transaction that drops cards. Stores that are opened as they are may be older than cards. */
export function withCards(db: Database, stores: StoreName[]): StoreName[] {
  return db.objectStoreNames.contains('cards') ? [...stores, 'cards'] : stores
}

interface Transaction {
  objectStoreNames: { contains(name: StoreName): boolean }
  objectStore(name: 'cards'): { delete?(space: string): Promise<void>; clear?(): Promise<void> }
}

/** Drops the cards of these spaces, in the transaction that writes what they are made of. */
export async function dropCards(tx: Transaction, spaces: Iterable<string>): Promise<void> {
  if (!tx.objectStoreNames.contains('cards')) return
  for (const space of new Set(spaces)) await tx.objectStore('cards').delete!(space)
}

export async function dropAllCards(tx: Transaction): Promise<void> {
  if (tx.objectStoreNames.contains('cards')) await tx.objectStore('cards').clear!()
}

interface Reading {
  objectStore(name: 'cards' | 'cursors'): { count(range?: IDBKeyRange): Promise<number>; getAllKeys(range?: IDBKeyRange): Promise<string[]> }
}

/** Inspections without a card, the oldest first: as numbers, or the tenth would come before the ninth. */
export async function listCardless(tx: Reading): Promise<string[]> {
  const inspections = IDBKeyRange.bound('insp:', 'insp;', false, true)
  const [spaces, cards] = await askAll(() => tx.objectStore('cursors').count(inspections), () => tx.objectStore('cards').count())
  if (spaces === cards) return [] // no card without a cursor: they go together
  const [wanted, have] = await askAll(() => tx.objectStore('cursors').getAllKeys(inspections), () => tx.objectStore('cards').getAllKeys())
  const known = new Set(have)
  return wanted.filter((space) => !known.has(space)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
}
