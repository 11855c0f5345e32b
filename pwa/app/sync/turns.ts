import type { ProposalFields } from '@/domain/records'
import type { OutboxEntry, PhotoMeta } from '@/storage/db'
import { HELD_RETRY_MS } from './ledger'
import type { LoopState } from './loop'

/** Who has to do something before a thing can move on: this phone by itself, its officer, or somebody else. */
export type Owner = 'phone' | 'you' | 'team' | 'office' | 'approver' | 'server'

/** `nextTry`: when this phone tries again by itself, ms; null where it goes with the next round or waits for a person. */
export interface Turn {
  owner: Owner
  nextTry: number | null
}

/** What only the officer can clear away before anything leaves this phone. */
const STOPS = ['sign-in', 'upgrade']

type Loop = Pick<LoopState, 'reason' | 'nextTry'>

/** An operation that has no final outcome yet. */
export function turnOfEntry(entry: Pick<OutboxEntry, 'result' | 'tried_at'>, loop: Loop): Turn {
  if (STOPS.includes(loop.reason)) return { owner: 'you', nextTry: null }
  if (entry.result?.status === 'held') {
    // A gap closes when this phone's earlier records arrive; anything else the server has to get over.
    const owner = entry.result.error?.code === 'server.error' ? 'server' : 'phone'
    return { owner, nextTry: (entry.tried_at ?? 0) + HELD_RETRY_MS }
  }
  return { owner: 'phone', nextTry: loop.nextTry }
}

/** A photo whose bytes wait; those only a person can mend are matters of their own. */
export function turnOfPhoto(photo: Pick<PhotoMeta, 'next_try'> & { isPromised: boolean }, loop: Loop, now: number): Turn {
  if (STOPS.includes(loop.reason)) return { owner: 'you', nextTry: null }
  const resting = photo.isPromised && photo.next_try > now ? photo.next_try : null
  return { owner: 'phone', nextTry: loop.nextTry !== null || resting !== null ? Math.max(loop.nextTry ?? 0, resting ?? 0) : null }
}

/** What became of a matter that was refused or met another's; null where it only has to be seen. */
export function ownerOfMatter(kind: string, proposal: string | null, isChoosable: boolean): Owner | null {
  switch (kind) {
    case 'conflict':
      return isChoosable ? 'team' : null
    case 'rejected_locked':
      return ownerOfProposal(proposal ?? 'draft')
    case 'forbidden':
      return proposal === null || proposal === 'draft' ? 'office' : ownerOfProposal(proposal)
    case 'invalid':
    case 'photo':
      return 'you'
    case 'receipt':
      return 'office'
    default:
      return null
  }
}

/** How long a correction that was refused is still told of. */
const TOLD_MS = 30 * 86_400_000

export function isShownProposal({ state, decided }: Pick<ProposalFields, 'state' | 'decided'>, now: number): boolean {
  if (state === 'refused') return decided !== undefined && now - Date.parse(decided.at) < TOLD_MS
  return state === 'draft' || state === 'submitted'
}

/** A correction is its author's until submitted, then the approver's; decided ones are nobody's. */
export function ownerOfProposal(state: string): Owner | null {
  if (state === 'draft') return 'you'
  return state === 'submitted' ? 'approver' : null
}
