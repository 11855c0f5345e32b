import { afterEach, expect, test, vi } from 'vitest'
import { nextWait } from '@/sync/backoff'
import { takeLease } from '@/sync/leader'
import { WRITE_DEBOUNCE_MS } from '@/sync/loop'
import { FakeServer } from './fake-server'
import { makeLoop, runRound } from './loop-harness'
import { assignInspection, makePhone } from './phone'

afterEach(() => vi.useRealTimers())

async function connected() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  const { loop, ports } = makeLoop(phone)
  return { server, phone, loop, timers: ports.timers, states: ports.states, fire: () => runRound(loop, ports) }
}

test('one round pushes, pulls and fetches the checklists', async () => {
  const { phone, loop, fire } = await connected()
  loop.wake('start')
  await fire()
  expect(loop.state).toMatchObject({ phase: 'idle', reason: '' })
  expect(await phone.db.count('lib')).toBe(1)
})

test('failures wait longer each time, a tap begins anew [I12 × F1]', async () => {
  const { server, loop, timers, fire } = await connected()
  server.faults = Array.from({ length: 5 }, () => 'lost-request' as const)
  loop.wake('start')
  await fire()
  const first = timers[0]!.ms
  await fire()
  expect(timers[0]!.ms).toBeGreaterThan(first)
  expect(loop.state.reason).toBe('offline.network')
  loop.wake('tap')
  expect(timers[0]!.ms).toBe(0)
})

test('a write during back-off does not shorten it', async () => {
  const { server, loop, timers, fire } = await connected()
  server.faults = ['lost-request']
  loop.wake('start')
  await fire()
  const waiting = timers[0]!.ms
  loop.wake('write')
  expect(timers[0]!.ms).toBe(waiting)
})

test('what is written while a round is being closed goes after a second, not with the next minute [I12 × F1]', async () => {
  const server = new FakeServer()
  assignInspection(server)
  const { loop, ports } = makeLoop(await makePhone(server))
  let isWritten = false
  let before = 'idle'
  ports.onState = ({ phase }) => {
    const isClosing = phase === 'idle' && before !== 'idle'
    before = phase
    if (!isClosing || isWritten) return
    isWritten = true
    loop.wake('write')
  }
  loop.wake('start')
  await runRound(loop, ports)
  await ports.settled()
  expect(isWritten).toBe(true)
  expect(ports.timers.map((one) => one.ms)).toEqual([WRITE_DEBOUNCE_MS])
})

test('401 stops the round, keeps the queue and says why [I1 × F24]', async () => {
  const { server, phone, loop, fire } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  server.faults = [401]
  loop.wake('start')
  await fire()
  expect(loop.state).toMatchObject({ phase: 'waiting', reason: 'sign-in' })
  expect((await phone.outbox()).length).toBe(1)
})

test('a stale token is fetched anew and the step tried again [I12 × F24]', async () => {
  const { server, phone, loop, fire } = await connected()
  server.person.id = 8
  await phone.answer('PAX-01', { value: 'pass' })
  server.faults = [() => Response.json({ error: { code: 'request.csrf', message: '', details: {} } }, { status: 400 })]
  loop.wake('start')
  await fire()
  expect(loop.state.reason).toBe('')
  expect(server.ledger.length).toBe(1)
})

test('the watchdog starts a dead loop after ten minutes, not before [I12 × F7]', async () => {
  const { phone, loop, timers, fire } = await connected()
  loop.wake('start')
  await fire()
  timers.length = 0
  phone.clock += 9 * 60_000
  expect(loop.checkWatchdog()).toBe(false)
  phone.clock += 2 * 60_000
  expect(loop.checkWatchdog()).toBe(true)
  expect(timers.length).toBe(1)
})

test.each([-400, 400])('the watchdog starts a dead loop also when the clock has jumped by %d days [I12 I22 × F7 F22]', async (days) => {
  const { phone, loop, fire } = await connected()
  loop.wake('start')
  await fire()
  phone.clock += days * 86_400_000
  expect(loop.checkWatchdog()).toBe(true)
})

test('back-off stays between one second and five minutes, and obeys the server', () => {
  expect(nextWait(1, 0, null)).toBe(1000)
  expect(nextWait(30, 1, null)).toBe(300_000)
  expect(nextWait(1, 0, 20_000)).toBe(20_000)
})

test('a lease has one holder, and passes on when it runs out [I26 × F20]', async () => {
  const { phone } = await connected()
  expect(await takeLease(phone.db, 'a', 0)).toBe(true)
  expect(await takeLease(phone.db, 'b', 1000)).toBe(false)
  expect(await takeLease(phone.db, 'a', 2000)).toBe(true)
  expect(await takeLease(phone.db, 'b', 7001)).toBe(true)
})
