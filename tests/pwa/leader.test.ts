// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { openPersonDb, type Database } from '@/storage/db'
import { readLog } from '@/storage/log'
import { getCounter, getServerState } from '@/storage/state'
import { electLeader, StoodDown, takeLease } from '@/sync/leader'
import { FakeServer } from './fake-server'
import { makeLoop } from './loop-harness'
import { assignInspection, makePhone } from './phone'

afterEach(() => vi.useRealTimers())

/** Web Locks as browsers have them: one holder, a queue, `steal`. */
class Locks {
  private holder: { fail(why: Error): void } | null = null
  private readonly waiting: (() => void)[] = []

  request = (_name: string, options: { signal?: AbortSignal; steal?: boolean }, hold: () => Promise<unknown>): Promise<unknown> =>
    new Promise((done, fail) => {
      const mine = { fail: (why: Error) => fail(why) }
      const start = () => {
        this.holder = mine
        void hold().then(done, fail).finally(() => this.release(mine))
      }
      options.signal?.addEventListener('abort', () => fail(new DOMException('', 'AbortError')))
      if (options.steal) {
        this.holder?.fail(new DOMException('stolen', 'AbortError'))
        start()
      } else if (this.holder === null) start()
      else this.waiting.push(start)
    })

  /** The tab is killed: the browser gives its lock to the next one. */
  kill(): void {
    this.holder = null
    this.waiting.shift()?.()
  }

  private release(mine: object): void {
    if (this.holder === mine) this.kill()
  }
}

let nextDb = 50_000
async function twoTabs(locks: Locks | undefined) {
  nextDb += 1
  const name = nextDb
  const [first, second] = [await openPersonDb(name), await openPersonDb(name)]
  const log: string[] = []
  const elect = (tab: string, db: Database) =>
    electLeader('x', () => db, { lead: () => log.push(`${tab} leads`), lost: () => log.push(`${tab} lost`) }, locks as unknown as LockManager)
  const a = elect('a', first)
  await vi.waitFor(() => expect(log).toEqual(['a leads']))
  const b = elect('b', second)
  return { a, b, log, db: first }
}

test('of two tabs one talks, and the other takes over when it goes [I26 × F12 F20]', async () => {
  const locks = new Locks()
  const { a, b, log } = await twoTabs(locks)
  expect([await a.mayTalk(), await b.mayTalk()]).toEqual([true, false])
  a.resign()
  await vi.waitFor(() => expect(log).toEqual(['a leads', 'b leads']))
  expect([await a.mayTalk(), await b.mayTalk()]).toEqual([false, true])
  b.resign()
})

test('a tab killed without a word hands over at once [I26 × F12 F13]', async () => {
  const locks = new Locks()
  const { b, log } = await twoTabs(locks)
  locks.kill()
  await vi.waitFor(() => expect(log).toEqual(['a leads', 'b leads']))
  expect(await b.mayTalk()).toBe(true)
  b.resign()
})

test('a tab that hangs is robbed of the lock, and finds out when it wakes [I26 × F20]', async () => {
  const { a, b, log } = await twoTabs(new Locks())
  b.steal()
  await vi.waitFor(() => expect(log).toEqual(['a leads', 'a lost', 'b leads']))
  expect([await a.mayTalk(), await b.mayTalk()]).toEqual([false, true])
  a.resign()
  b.resign()
})

test('without Web Locks a lease does the same: a frozen tab that wakes no longer leads [I26 × F20]', async () => {
  const { a, b, log, db } = await twoTabs(undefined)
  expect(await b.mayTalk()).toBe(false)
  // The holder freezes: its lease runs out, the other takes it, the first wakes.
  const lease = (await db.get('meta', 'lease')) as { tab: string; until: number }
  await db.put('meta', { ...lease, until: Date.now() - 1 }, 'lease')
  expect(await b.mayTalk()).toBe(true)
  expect(await a.mayTalk()).toBe(false)
  expect(log).toEqual(['a leads', 'b leads', 'a lost'])
  a.resign()
  b.resign()
})

test('a lease far in the future, left by a clock that jumped, binds nobody [I26 × F22]', async () => {
  const { a, b, db } = await twoTabs(undefined)
  a.resign()
  await db.put('meta', { tab: 'a', until: Date.now() + 400 * 86_400_000 }, 'lease')
  expect(await takeLease(db, 'c', Date.now())).toBe(true)
  b.resign()
})

test('without Web Locks, a tab whose store is lost leads no more; another takes over when its lease is out [I26 × F21]', async () => {
  const { a, b, log, db } = await twoTabs(undefined)
  const other = await openPersonDb(nextDb)
  db.close()
  expect([await a.mayTalk(), await b.mayTalk()]).toEqual([false, false])
  const lease = (await other.get('meta', 'lease')) as { tab: string; until: number }
  await other.put('meta', { ...lease, until: Date.now() - 1 }, 'lease')
  expect([await b.mayTalk(), await a.mayTalk()]).toEqual([true, false])
  expect(log).toEqual(['a leads', 'a lost', 'b leads'])
  a.resign()
  b.resign()
  other.close()
})

async function connected() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  return { server, phone, ...makeLoop(phone) }
}

test('a loop that lost the lead while frozen sends nothing and stores no answer [I26 I14 × F20]', async () => {
  const { server, phone, loop, ports } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  let isLeading = true
  ports.guard = () => (isLeading ? Promise.resolve() : Promise.reject(new StoodDown('leader')))
  server.faults = [() => ((isLeading = false), null)] // frozen with the request under way; another tab leads since
  loop.wake('start')
  ports.fire()
  await vi.waitFor(() => expect(server.ledger.length).toBe(1))
  await ports.settled()
  expect((await phone.outbox())[0]!.result).toBeNull()
  expect(server.requests.length).toBe(1)
  loop.wake('tap')
  expect(ports.timers.length).toBe(0)
})

test('a hung round is given up by the watchdog; when it wakes it changes nothing, and it is logged [I12 I26 × F7 F20]', async () => {
  const { server, phone, loop, ports } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  let wake: (answer: Response) => void = () => undefined
  const real = server.fetch
  let isHung = true
  phone.net.fetch = (input, init) => (isHung ? new Promise((answer) => (wake = answer)) : real(input, init))
  loop.wake('start')
  ports.fire()
  await vi.waitFor(() => expect(loop.state.phase).toBe('push'))
  phone.clock += 11 * 60_000
  isHung = false
  expect(loop.checkWatchdog()).toBe(true)
  ports.fire()
  await vi.waitFor(() => expect(loop.state.phase).toBe('idle'))
  wake(Response.json({ epoch: 'ep_1', server_time: '', device: { last_seq: 99, durable_seq: 99 }, fork: true, results: [] }))
  await ports.settled()
  expect(server.ledger.length).toBe(1)
  expect((await getCounter(phone.db)).device).toBe('dev_a') // the late answer spoke of a fork
  expect((await getServerState(phone.db)).durable_seq).toBe(1)
  expect((await readLog(phone.db)).map((line) => line.what)).toEqual(['loop.restarted'])
})
