import type { Net } from '@/net/http'
import type { Database } from '@/storage/db'
import { putServerState } from '@/storage/state'
import { nextWait } from './backoff'
import { fetchMissingLists } from './checklists'
import { pruneOutbox } from './ledger'
import { readRefused, type Outcome } from './outcome'
import { pullOnce } from './pull'
import { newPace, pushOnce } from './push'
import { refreshSession } from './session'
import { newUploadPace, reopenLostPhotos, uploadOnce, wakePhotos } from './uploads'

export const SYNC_INTERVAL_MS = 60_000
export const WRITE_DEBOUNCE_MS = 1_000
export const WATCHDOG_MS = 10 * 60_000
/** No exchange needs so many turns; a server that always says "again" must not spin the phone empty. */
const MAX_TURNS = 200

/** What the loop is about, for the state bar. `reason` is a code the catalogue knows, or empty. */
export interface LoopState {
  phase: 'idle' | 'push' | 'pull' | 'upload' | 'waiting'
  reason: string
  nextTry: number | null
  lastTry: number | null
}

export interface LoopPorts {
  db: Database
  net: Net
  app: string
  random(): number
  setTimer(run: () => void, ms: number): unknown
  clearTimer(timer: unknown): void
  onState(state: LoopState): void
  /** Something in the store changed: screens read again. */
  onChange(): void
}

/**
 * One round after another: push, pull, checklists, photos. At most one round runs at a time; a wish that comes
 * during a round starts another after it. Nothing here touches the page.
 */
export class SyncLoop {
  state: LoopState = { phase: 'idle', reason: '', nextTry: null, lastTry: null }
  private readonly pace = newPace()
  private readonly uploadPace = newUploadPace()
  private timer: unknown = null
  private failures = 0
  private isRunning = false
  private isWanted = false
  private isStopped = false
  private hasUploaded = false

  constructor(private readonly ports: LoopPorts) {}

  /** Wishes a round: at once for a tap (which forgets the back-off), after a second for a write. */
  wake(why: 'tap' | 'start' | 'online' | 'visible' | 'write' | 'timer'): void {
    if (this.isStopped) return
    if (why === 'tap' || why === 'online') this.failures = 0
    if (why === 'tap') void wakePhotos(this.ports.db)
    if (this.isRunning) {
      this.isWanted = true
      return
    }
    // A write during back-off must not shorten it: a dead server would be knocked at with every tap.
    if (why === 'write' && this.failures > 0) return
    this.schedule(why === 'write' ? WRITE_DEBOUNCE_MS : 0)
  }

  stop(): void {
    this.isStopped = true
    this.ports.clearTimer(this.timer)
  }

  /** Called every minute: a queue with no attempt for ten minutes means the loop died; it is started again. */
  checkWatchdog(): boolean {
    const last = this.state.lastTry ?? 0
    if (this.isStopped || this.ports.net.now() - last < WATCHDOG_MS) return false
    this.isRunning = false
    this.failures = 0
    this.schedule(0)
    return true
  }

  private schedule(ms: number): void {
    this.ports.clearTimer(this.timer)
    this.timer = this.ports.setTimer(() => void this.run(), ms)
  }

  private async run(): Promise<void> {
    if (this.isRunning || this.isStopped) return
    this.isRunning = true
    this.isWanted = false
    this.show({ lastTry: this.ports.net.now(), nextTry: null })
    let outcome: Outcome
    try {
      outcome = await this.round()
    } catch (error) {
      // A lost database connection or a bug: said, waited for, tried again. The queue is in the store.
      outcome = { kind: 'later', why: `local:${(error as Error).name}`, afterMs: null }
    }
    this.isRunning = false
    if (this.isStopped) return
    await this.settle(outcome)
  }

  private async round(): Promise<Outcome> {
    const { db, net, app } = this.ports
    const steps: [LoopState['phase'], () => Promise<Outcome>][] = [
      ['push', () => pushOnce(db, net, app, this.pace)],
      ['pull', () => pullOnce(db, net)],
      ['pull', () => fetchMissingLists(db, net)],
      ['upload', () => uploadOnce(db, net, this.uploadPace, this.ports.random)],
    ]
    for (const [phase, step] of steps) {
      const outcome = await this.repeat(phase, step)
      if (outcome.kind !== 'done') return outcome
    }
    // Whether a photo is stored is said by a pull alone.
    if (this.hasUploaded) {
      const outcome = await this.repeat('pull', () => pullOnce(db, net))
      if (outcome.kind !== 'done') return outcome
    }
    await pruneOutbox(db)
    await reopenLostPhotos(db, net.now())
    return { kind: 'done' }
  }

  /** Takes a step until it says that nothing is left or something stops it. */
  private async repeat(phase: LoopState['phase'], step: () => Promise<Outcome>): Promise<Outcome> {
    this.show({ phase })
    if (phase === 'push') this.hasUploaded = false
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      const outcome = await this.withFreshToken(step)
      this.ports.onChange()
      if (outcome.kind !== 'again') return outcome
      if (phase === 'upload') this.hasUploaded = true
    }
    return { kind: 'done' }
  }

  /** A token that went stale (server restart, other tab) is fetched anew once, then the step is tried again. */
  private async withFreshToken(step: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = await step()
    if (outcome.kind !== 'later' || outcome.why !== 'request.csrf') return outcome
    const reply = await refreshSession(this.ports.db, this.ports.net)
    return reply.kind === 'ok' ? step() : readRefused(reply)
  }

  private async settle(outcome: Outcome): Promise<void> {
    const { db, net, random } = this.ports
    if (outcome.kind === 'sign-in' || outcome.kind === 'upgrade') {
      await putServerState(db, outcome.kind === 'sign-in' ? { needs_sign_in: true } : { needs_upgrade: true })
      this.show({ phase: 'waiting', reason: outcome.kind, nextTry: null })
    } else if (outcome.kind === 'done' || outcome.kind === 'again') {
      this.failures = 0
      await putServerState(db, { needs_sign_in: false, needs_upgrade: false })
      this.show({ phase: 'idle', reason: '', nextTry: null })
      this.schedule(this.isWanted ? WRITE_DEBOUNCE_MS : SYNC_INTERVAL_MS)
    } else {
      this.failures += 1
      const wait = nextWait(this.failures, random(), outcome.kind === 'later' ? outcome.afterMs : null)
      const reason = outcome.kind === 'offline' ? `offline.${outcome.why}` : outcome.why
      this.show({ phase: 'waiting', reason, nextTry: net.now() + wait })
      this.schedule(wait)
    }
    this.ports.onChange()
  }

  private show(change: Partial<LoopState>): void {
    this.state = { ...this.state, ...change }
    this.ports.onState(this.state)
  }
}
