import { expect, test } from 'vitest'
import { openPersonDb } from '@/storage/db'
import { StoodDown } from '@/sync/leader'
import { Day } from './day'
import { breakEach, disturbEach, loseConnection, type Course } from './disturb'
import { Killed } from './reaper'

/**
 * While the phone was offline its person was revoked and its records ordered deleted. The photo's first chunk finds
 * another connection writing, and the officer records one thing more while it is sent: when the order is looked at
 * for the first time, both are unsent.
 */
const revoked: Course = {
  async begin() {
    const day = await Day.begin()
    await day.work()
    day.server.isRevoked = true
    day.server.wipe = true
    const real = day.server.fetch
    let isBusy = true
    const fetch: typeof real = async (input, init) => {
      if (!isBusy || !String(input).includes('/files')) return real(input, init)
      // busy: of what comes with the creation nothing is taken, and a chunk is told to wait
      if (init?.method === 'POST') return real(input, { ...init, body: null, headers: plain(init.headers) })
      if (init?.method !== 'PATCH') return real(input, init)
      isBusy = false
      await day.write('PAX-03', { value: { checked: 1, failed: 1 } })
      return Response.json({ error: { code: 'upload.locked', message: '', details: {} } }, { status: 423 })
    }
    Object.assign(day.server, { fetch })
    Object.assign(day.phone.net, { fetch })
    return day
  },
  /** Everything arrives by the push-only credential, and only then the phone is wiped. */
  async end(day, why) {
    for (let turn = 0; turn < 5 && day.wipes.length === 0; turn += 1) {
      await day.run()
      await day.check(why)
    }
    expect(day.missing(), why).toEqual([])
    expect(day.wipes.length, why).toBeGreaterThan(0)
    expect(day.wipes.flat(), why).toEqual([])
  },
}

/** The headers of a creation without bytes. */
function plain(sent: HeadersInit | undefined): Headers {
  const headers = new Headers(sent)
  headers.delete('Content-Type')
  return headers
}

test('a portal answers instead of the server at any request of a revoked phone [I17 × F8]', async () => {
  const page = () => new Response('<html>请登录</html>', { headers: { 'Content-Type': 'text/html' } })
  expect(await disturbEach(() => Promise.resolve(page()), 2, revoked)).toBeGreaterThan(1)
}, 60_000)

/** It has heard of its revocation; what comes now goes by the push-only credential. */
const knowing: Course = {
  ...revoked,
  async begin() {
    const day = await revoked.begin()
    await day.run()
    return day
  },
}

test('a portal answers at any request made with the push-only credential [I17 × F8]', async () => {
  const page = () => new Response('<html>请登录</html>', { headers: { 'Content-Type': 'text/html' } })
  expect(await disturbEach(() => Promise.resolve(page()), 1, knowing)).toBeGreaterThan(4)
}, 60_000)

test('the tab of a revoked phone dies in the middle of a round [I17 × F12 F13]', async () => {
  await breakEach(() => new Killed(), (day) => day.reopen(), knowing)
}, 60_000)

test('the store of a revoked phone is lost in the middle of a round [I17 × F21]', async () => {
  await breakEach(loseConnection, (day) => day.run(), knowing)
}, 60_000)

test('power fails on a revoked phone after it pushed: what was gone is on the server, the rest is sent [I17 × F14]', async () => {
  const day = await knowing.begin()
  const copy = await day.clone()
  await copy.phone.db.delete('outbox', 5)
  await day.run({ net: { ...day.phone.net, fetch: (input, init) => (String(input).includes('/push') ? day.server.fetch(input, init) : Promise.reject(new TypeError('offline'))) } })
  expect(day.missing()).toEqual(['photo'])
  day.putInPlace(copy.phone.db)
  day.destroyed.add(day.made[4]!.op)
  await revoked.end(day, 'after the failure')
})

test('two phones of one name are revoked: each hands on what it alone holds before it is wiped [I17 × F16]', async () => {
  const day = await revoked.begin()
  const twin = await day.clone()
  await day.write('PAX-03', { value: { checked: 2, failed: 0 } })
  await twin.write('PAX-01', { value: 'pass' })
  await revoked.end(day, 'the first')
  await revoked.end(twin, 'the second')
  expect(new Set(day.server.ledger.map(({ op }) => op)).size).toBe(8)
})

test('a tab of a revoked phone freezes at any request, another goes on, the first wakes [I17 × F20]', async () => {
  await disturbEach(async (go, day) => {
    const early = await go()
    const tab = await openPersonDb(Number(day.phone.db.name.split('-')[1]))
    await day.run({ db: tab })
    tab.close()
    day.guard = () => Promise.reject(new StoodDown('leader'))
    return early
  }, 1, knowing)
}, 60_000)

test.each([-400, 400])('the clock of a revoked phone jumps by %d days [I17 × F22]', async (days) => {
  const day = await revoked.begin()
  day.phone.clock += days * 86_400_000
  await revoked.end(day, `${days} days`)
})
