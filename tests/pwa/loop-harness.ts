import { vi } from 'vitest'
import { SyncLoop, type LoopPorts, type LoopState } from '@/sync/loop'
import type { Phone } from './phone'

interface Ports extends LoopPorts {
  timers: { run: () => void; ms: number }[]
  states: LoopState[]
  /** Fires the next timer; answers how long it would have waited. */
  fire(): number
  /** Everything that was under way has come to an end, as far as promises and the store are concerned. */
  settled(): Promise<void>
}

/** A loop whose timers a test fires by hand. */
export function makeLoop(phone: Phone): { loop: SyncLoop; ports: Ports; wiped: () => number; others: () => number } {
  let wiped = 0
  let others = 0
  const timers: Ports['timers'] = []
  const states: LoopState[] = []
  const ports: Ports = {
    store: { current: () => phone.db, reopen: () => Promise.resolve(phone.db) },
    net: phone.net,
    app: '1.0.0',
    label: () => '手机甲',
    guard: () => Promise.resolve(),
    random: () => 0.5,
    setTimer: (run, ms) => timers.push({ run, ms }),
    clearTimer: () => (timers.length = 0),
    onState: (state) => states.push(state),
    onChange: () => undefined,
    onWipe: () => void (wiped += 1),
    onOtherPerson: () => void (others += 1),
    timers,
    states,
    fire() {
      const next = timers.shift()!
      next.run()
      return next.ms
    },
    async settled() {
      for (let turn = 0; turn < 20; turn += 1) await phone.db.get('meta', 'counter')
    },
  }
  return { loop: new SyncLoop(ports), ports, wiped: () => wiped, others: () => others }
}

/** Fires the next timer and waits until the round has ended. */
export async function runRound(loop: SyncLoop, ports: Ports): Promise<number> {
  const ms = ports.fire()
  await vi.waitFor(() => {
    const isOver = ports.timers.length > 0 || ['sign-in', 'upgrade'].includes(loop.state.reason)
    if (!isOver) throw new Error('still running')
  })
  return ms
}
