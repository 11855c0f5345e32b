import { reactive } from 'vue'
import type { ServerState } from '@/storage/db'
import type { Profile } from '@/storage/device'
import type { WorkCounts } from '@/sync/counts'
import type { LoopState } from '@/sync/loop'

export interface AppState {
  isReady: boolean
  profile: Profile | null
  loop: LoopState
  server: ServerState | null
  counts: WorkCounts
  /** The store of this person is open: no screen of the person before is shown over another's records. */
  isOpen: boolean
  /** Whether the counts are of the store that is open: until then nothing is said of what is left. */
  isCounted: boolean
  /** Grows with every change of the store; screens watch it and read again. */
  changes: number
  isUpdateWaiting: boolean
  /** The officer wants to sign in again although the session still stands. */
  isSigningInAgain: boolean
  /** Another window has a form open: the new version waits for it. */
  isUpdateBarred: boolean
  /** The new version has taken over, let in by another window; this one starts anew once its form is left. */
  isUpdateTaken: boolean
  /** `blocked`: an older tab holds the stores; `outdated`: a newer tab has taken them over; `wiped`: deleted by order. */
  stores: 'ok' | 'blocked' | 'outdated' | 'wiped'
  /** The stores were found empty although this phone had been in use (F17). */
  isEvicted: boolean
  /** Who else has work on this phone that has not been delivered. */
  others: { name: string; n: number }[]
  /** What the person was told and has not read, as far as this phone has heard. */
  unread: number
  /** A screen or the start itself failed: the way to the recovery page is shown. */
  isBroken: boolean
  theme: 'auto' | 'light' | 'dark'
  textSize: 'normal' | 'large' | 'largest'
  deviceName: string
}

/** Nothing tried yet. */
export const RESTING: LoopState = { phase: 'idle', reason: '', nextTry: null, lastTry: null }

export const app = reactive<AppState>({
  isReady: false,
  profile: null,
  loop: { ...RESTING },
  server: null,
  counts: { toSend: 0, photos: 0, attention: 0, quarantined: 0 },
  isOpen: false,
  isCounted: false,
  changes: 0,
  isUpdateWaiting: false,
  isSigningInAgain: false,
  isUpdateBarred: false,
  isUpdateTaken: false,
  stores: 'ok',
  isEvicted: false,
  others: [],
  unread: 0,
  isBroken: false,
  theme: 'auto',
  textSize: 'normal',
  deviceName: '',
})
