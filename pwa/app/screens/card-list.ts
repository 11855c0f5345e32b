import type { Card, ShownCard } from '@/storage/cards'
import { STATES } from '@/sync/card'
import { compareDistance } from './nearby'

export type Listed = Card & { shown: ShownCard }

/** The cards whose firm, task, number, address or code holds the text; without a text all of them. */
export function searchCards(cards: Card[], text: string): Listed[] {
  const wanted = text.trim().toLowerCase()
  const shown = cards.filter((card): card is Listed => card.shown !== null)
  if (!wanted) return shown
  return shown.filter(({ shown: { fields: f } }) =>
    [f.firm.name, f.task.name, f.number, f.firm.address ?? '', f.firm.uscc].some((one) => one.toLowerCase().includes(wanted)),
  )
}

/** The nearest first where that is wanted; else work to do first (returned, then begun, then open), then by planned day. */
export function byUrgency(a: Listed, b: Listed): number {
  return compareDistance(a.shown.fields, b.shown.fields) || STATES.indexOf(a.shown.state) - STATES.indexOf(b.shown.state) || byDay(a, b)
}

/** What was done last first. */
export function byAge(a: Listed, b: Listed): number {
  const ended = (card: Listed) => card.shown.fields.ended_on ?? card.shown.fields.planned_on ?? ''
  return compare(ended(b), ended(a)) || compare(b.shown.fields.number, a.shown.fields.number)
}

function byDay(a: Listed, b: Listed): number {
  const planned = (card: Listed) => card.shown.fields.planned_on ?? '9'
  return compare(planned(a), planned(b)) || compare(a.shown.fields.number, b.shown.fields.number)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
