import type { Item, NumberValue } from './checklists'
import type { SignatureFields } from './records'
import { todayAtSite } from './time'

/** What is on record already, of one sheet. */
export interface Facts {
  /** officers checked in */
  officers: number
  signatures: (SignatureFields & { at?: string })[]
  /** the end of the visit as typed on the last screen, else as handed in before */
  endDay: string | null
  today: string
}

/** What an entry would repeat, and of whom; `refusal` is why the notice was not signed for. */
export interface Known {
  value: NumberValue | string
  who?: string
  refusal?: string
}

/** `null` where the record holds nothing for the entry. */
export function findKnown(item: Item, facts: Facts): Known | null {
  switch (item.answer.known) {
    case 'officers':
      return facts.officers > 0 ? { value: { number: String(facts.officers) } } : null
    case 'end_day':
      return { value: facts.endDay ?? facts.today }
    case 'notice_day': {
      const receipt = facts.signatures.filter((one) => one.role === 'notice' && one.at).pop()
      if (!receipt) return null
      const who = [receipt.name, receipt.post].filter(Boolean).join(' ')
      return { value: todayAtSite(Date.parse(receipt.at!)), who, ...(receipt.refused ? { refusal: receipt.reason ?? '' } : {}) }
    }
    default:
      return null
  }
}

/** The entry for the day the visit ended; lists made before entries could say so have it under this code. */
export function findEndDayItem(items: Item[]): string | null {
  const found = items.find((item) => item.answer.known === 'end_day') ?? items.find((item) => item.code === 'COM-08')
  return found?.code ?? null
}
