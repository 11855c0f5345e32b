import { expect } from 'vitest'
import { Day } from './day'

/** What happens to one request: `go` sends it. */
export type Disturbance = (go: () => Promise<Response>, day: Day) => Promise<Response>

/**
 * The day, disturbed at its n-th request (and the `length - 1` after it), for every n; afterwards all is as after an
 * undisturbed one.
 */
export async function disturbEach(disturb: Disturbance, length = 1): Promise<void> {
  let n = 0
  for (let isOver = false; !isOver; n += 1) {
    const day = await Day.begin()
    await day.work()
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
    await day.end(`request ${n}`)
    await day.backUp(`request ${n}`)
    day.phone.db.close()
  }
  expect(n).toBeGreaterThan(7)
}
