import type { Net } from '@/net/http'
import { isConnectionLost } from '@/storage/atomic'
import type { Database } from '@/storage/db'
import { appendLog } from '@/storage/log'
import type { Connection } from '@/storage/reopen'
import { findFreeBytes } from '@/storage/room'
import { getCounter, getServerState, putServerState } from '@/storage/state'
import { nextWait } from './backoff'
import { fetchMissingLists } from './checklists'
import { fetchReceipts } from './custody'
import { readHeartbeat } from './heartbeat'
import { StoodDown } from './leader'
import { forkDevice } from './ledger'
import { readRefused, type Outcome } from './outcome'
import { pullOnce } from './pull'
import { newPace, pushOnce } from './push'
import { freePhotoBytes, pruneOutbox } from './retention'
import { refreshSession } from './session'
import { newUploadPace, reopenLostPhotos, uploadOnce, wakePhotos } from './uploads'
import { obeyWipe } from './wipe'

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
  store: Connection
  net: Net
  app: string
  /** The device's name as the person wrote it. */
  label(): string
  /** Throws `StoodDown` when another tab talks now or another person is signed in. */
  guard(): Promise<void>
  random(): number
  setTimer(run: () => void, ms: number): unknown
  clearTimer(timer: unknown): void
  onState(state: LoopState): void
  /** Something in the store changed: screens read again. */
  onChange(): void
  /** The server ordered this phone's records deleted, they are empty or exported, and it has been told. */
  onWipe(): void
  /** Another person is signed in with this browser: this loop is over. */
  onOtherPerson(): void
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
  /** The round under way; a round that was given up on (watchdog) finds another number and does nothing more. */
  private turn = 0
  private isRunning = false
  private isWanted = false
  private isStopped = false
  private hasUploaded = false

  constructor(private readonly ports: LoopPorts) {}

  private get db(): Database {
    return this.ports.store.current()
  }

  /** Wishes a round: at once for a tap (which forgets the back-off), after a second for a write. */
  wake(why: 'tap' | 'start' | 'online' | 'visible' | 'write' | 'timer'): void {
    if (this.isStopped) return
    if (why === 'tap' || why === 'online') this.failures = 0
    if (why === 'tap') void wakePhotos(this.db).catch(() => undefined)
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

  /** Called every minute: a queue with no attempt for ten minutes, on a clock that may jump either way, means the loop died. */
  checkWatchdog(): boolean {
    const last = this.state.lastTry ?? 0
    if (this.isStopped || Math.abs(this.ports.net.now() - last) < WATCHDOG_MS) return false
    this.turn += 1
    this.isRunning = false
    this.failures = 0
    void appendLog(this.db, 'loop.restarted', this.ports.net.now()).catch(() => undefined)
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
    this.turn += 1
    const turn = this.turn
    this.show({ lastTry: this.ports.net.now(), nextTry: null })
    let outcome: Outcome
    try {
      outcome = await this.round(turn)
    } catch (error) {
      if (error instanceof StoodDown) {
        if (turn === this.turn) this.standDown(error)
        return
      }
      // A bug or a full disk: said, waited for, tried again. The queue is in the store.
      outcome = { kind: 'later', why: `local:${(error as Error).name}`, afterMs: null }
      if (isConnectionLost(error)) await this.ports.store.reopen().catch(() => undefined)
    }
    if (turn !== this.turn) return
    // Still running: what is written until the next round is set down would be put off by it for a minute.
    if (!this.isStopped) {
      try {
        await this.settle(outcome)
      } catch {
        this.schedule(nextWait(1, this.ports.random(), null))
      }
    }
    if (turn !== this.turn) return
    this.isRunning = false
    const isDone = outcome.kind === 'done' || outcome.kind === 'again'
    if (isDone && this.isWanted && !this.isStopped) this.schedule(WRITE_DEBOUNCE_MS)
  }

  private standDown(error: StoodDown): void {
    this.isRunning = false
    this.stop()
    if (error.why !== 'person') return
    this.show({ phase: 'waiting', reason: 'sign-in', nextTry: null })
    void putServerState(this.db, { needs_sign_in: true }).then(this.ports.onChange, () => undefined)
    this.ports.onOtherPerson()
  }

  /** The network for one round: every request, and every answer before it counts, asks whether the round still stands. */
  private netOf(turn: number): Net {
    const guard = async () => {
      if (turn !== this.turn || this.isStopped) throw new StoodDown('restarted')
      await this.ports.guard()
      if (turn !== this.turn || this.isStopped) throw new StoodDown('restarted')
    }
    return { ...this.ports.net, guard }
  }

  private async round(turn: number): Promise<Outcome> {
    const { db } = this
    const net = this.netOf(turn)
    await net.guard?.()
    await db.put('meta', net.now(), 'attempt')
    const server = await getServerState(db)
    const push = async () => pushOnce(db, net, this.ports.app, this.pace, await this.heartbeat(db))
    const pull = async () => pullOnce(db, net, await this.heartbeat(db))
    const upload = () => uploadOnce(db, net, this.uploadPace, this.ports.random)
    if (server.epoch === null) await refreshSession(db, net)
    const steps: [LoopState['phase'], () => Promise<Outcome>][] = server.is_revoked
      ? [['push', push], ['upload', upload]] // pull and read have ended (§10)
      : [['push', push], ['pull', pull], ['pull', () => fetchMissingLists(db, net)], ['upload', upload]]
    for (const [phase, step] of steps) {
      const outcome = await this.repeat(db, net, phase, step)
      if (outcome.kind !== 'done') return outcome
    }
    // Whether a photo is stored is said by a pull alone.
    if (this.hasUploaded && !server.is_revoked) {
      const outcome = await this.repeat(db, net, 'pull', pull)
      if (outcome.kind !== 'done') return outcome
    }
    if (server.is_revoked) await this.askStanding(db, pull)
    const wiped = await obeyWipe(db, net)
    if (wiped.kind !== 'done') return wiped
    if (server.is_revoked) return { kind: 'done' }
    const receipts = await this.repeat(db, net, 'pull', () => fetchReceipts(db, net))
    await pruneOutbox(db)
    await freePhotoBytes(db, findFreeBytes, net.now())
    await reopenLostPhotos(db, net.now())
    // A receipt that could not be made is asked for again next time; the work itself has arrived.
    return receipts.kind === 'later' ? { kind: 'done' } : receipts
  }

  /** A revoked phone reads nothing, but asks: it may be told to delete its records, or be in good standing again. */
  private async askStanding(db: Database, pull: () => Promise<Outcome>): Promise<void> {
    const outcome = await pull()
    if (outcome.kind === 'revoked' && outcome.wipe) await putServerState(db, { wipe_ordered: true })
    if (outcome.kind === 'done' || outcome.kind === 'again') await putServerState(db, { is_revoked: false })
  }

  private heartbeat(db: Database) {
    return readHeartbeat(db, this.ports.app, this.ports.label())
  }

  /** Takes a step until it says that nothing is left or something stops it. */
  private async repeat(db: Database, net: Net, phase: LoopState['phase'], step: () => Promise<Outcome>): Promise<Outcome> {
    this.show({ phase })
    if (phase === 'push') this.hasUploaded = false
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      const outcome = await this.withFreshToken(db, net, step)
      this.ports.onChange()
      if (outcome.kind !== 'again') return outcome
      if (phase === 'upload') this.hasUploaded = true
    }
    return { kind: 'done' }
  }

  /**
   * A token that went stale (server restart, other tab) is fetched anew once, then the step is tried again. A device
   * that belongs to another person: either their session is in this browser now, or two phones have one name.
   */
  private async withFreshToken(db: Database, net: Net, step: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = await step()
    if (outcome.kind !== 'later' || !['request.csrf', 'device.bound'].includes(outcome.why)) return outcome
    const reply = await refreshSession(db, net)
    if (reply.kind !== 'ok') return readRefused(reply)
    if (outcome.why === 'device.bound') await forkDevice(db, (await getCounter(db)).device)
    return step()
  }

  private async settle(outcome: Outcome): Promise<void> {
    const { net, random } = this.ports
    const { db } = this
    if (outcome.kind === 'wiped') {
      this.stop()
      this.ports.onWipe()
      return
    }
    if (outcome.kind === 'revoked') {
      const isNew = !(await getServerState(db)).is_revoked
      await putServerState(db, { is_revoked: true, ...(outcome.wipe ? { wipe_ordered: true } : {}) })
      this.show({ phase: 'waiting', reason: 'revoked', nextTry: null })
      this.schedule(isNew ? 0 : SYNC_INTERVAL_MS) // what is recorded still goes, by the push-only credential
    } else if (outcome.kind === 'sign-in' || outcome.kind === 'upgrade') {
      // The credential was answered "sign in": this phone is in good standing after all.
      await putServerState(db, outcome.kind === 'sign-in' ? { needs_sign_in: true, is_revoked: false } : { needs_upgrade: true })
      this.show({ phase: 'waiting', reason: outcome.kind, nextTry: null })
    } else if (outcome.kind === 'done' || outcome.kind === 'again') {
      this.failures = 0
      const { is_revoked } = await getServerState(db)
      await putServerState(db, { needs_upgrade: false, ...(is_revoked ? {} : { needs_sign_in: false }) })
      this.show({ phase: 'idle', reason: is_revoked ? 'revoked' : '', nextTry: null })
      this.schedule(SYNC_INTERVAL_MS)
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
