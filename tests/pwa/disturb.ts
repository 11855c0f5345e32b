import { expect } from 'vitest'
import type { Database } from '@/storage/db'
import { Day } from './day'
import { Reaper } from './reaper'

/** What happens to one request: `go` sends it. */
export type Disturbance = (go: () => Promise<Response>, day: Day) => Promise<Response>

/** Which day is disturbed, and what must hold when it is over. */
export interface Course {
  begin(): Promise<Day>
  end(day: Day, why: string): Promise<void>
}

const ordinary: Course = {
  async begin() {
    const day = await Day.begin()
    await day.work()
    return day
  },
  async end(day, why) {
    await day.end(why)
    await day.backUp(why)
  },
}

/**
 * The day's round, disturbed at its n-th request (and the `length - 1` after it), for every n; afterwards all is as
 * after an undisturbed one.
 */
export async function disturbEach(disturb: Disturbance, length = 1, { begin, end }: Course = ordinary): Promise<number> {
  let n = 0
  for (let isOver = false; !isOver; n += 1) {
    const day = await begin()
    let count = 0
    const fetch: typeof globalThis.fetch = async (...ask) => {
      await day.check(`request ${n}, at request ${count}`)
      count += 1
      const go = () => day.server.fetch(...ask)
      return count > n && count <= n + length ? disturb(go, day) : go()
    }
    const guard = () => day.guard()
    await day.run({ net: { ...day.phone.net, fetch }, guard })
    await day.check(`request ${n}`)
    isOver = count <= n
    await end(day, `request ${n}`)
    day.phone.db.close()
  }
  return n
}

/** The day's round, broken off at every seventh touch of store and network; `after` is what happens then. */
export async function breakEach(
  how: (db: Database) => Error,
  after: (day: Day) => Promise<unknown>,
  { begin, end }: Course = ordinary,
): Promise<void> {
  let isOver = false
  let at = 1
  for (; !isOver; at += 7) {
    const day = await begin()
    const { db } = day.phone
    const why = () => how(db)
    const reaper = new Reaper(at, why)
    const guard = () => (reaper.calls >= at ? Promise.reject(why()) : Promise.resolve())
    await day.run({ db: reaper.watch(db), net: reaper.net(day.phone.net), guard })
    isOver = reaper.calls < at
    await after(day)
    await day.check(`touch ${at}`)
    await end(day, `touch ${at}`)
    day.phone.db.close()
  }
  expect(at).toBeGreaterThan(40)
}

/** The connection is gone under the program's hands, as WebKit takes it. */
export function loseConnection(db: Database): Error {
  db.close()
  return new DOMException('Connection to Indexed Database server lost. Refresh the page to try again', 'UnknownError')
}
