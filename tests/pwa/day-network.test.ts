import { expect, test } from 'vitest'
import { Day } from './day'
import { disturbEach, type Disturbance } from './disturb'

/** The connection breaks after that part of the answer. */
function cut(part: number): Disturbance {
  return async (go) => {
    const answer = await go()
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const body = new ReadableStream({
      start(stream) {
        stream.enqueue(bytes.slice(0, Math.floor(bytes.length * part)))
        stream.error(new TypeError('network error'))
      },
    })
    if (bytes.length === 0) throw new TypeError('Failed to fetch')
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
}

test('an answer lost after the commit, at every request of a day [I1 I5 I7 I12 I20 I27 × F2]', async () => {
  const requests = await disturbEach(async (go) => (await go(), Promise.reject(new TypeError('Failed to fetch'))))
  expect(requests).toBeGreaterThan(6) // the photo goes in one of them
}, 60_000)

test.each([0.3, 0.99])('an answer that breaks off after %d of it, at every request of a day [I5 I7 I12 I14 I27 × F3]', async (part) => {
  await disturbEach(cut(part))
}, 60_000)

test('an answer that comes after a whole newer round, at every request of a day [I1 I5 I6 I7 I14 I20 I27 × F6]', async () => {
  await disturbEach(async (go, day) => {
    const late = await go()
    day.colleagueWritesOn()
    await day.run()
    return late
  })
}, 60_000)

test('a portal that answers 200 with its page, at every request of a day [I1 I5 I7 I12 I20 × F8]', async () => {
  await disturbEach(() => Promise.resolve(new Response('<html>请登录</html>', { headers: { 'Content-Type': 'text/html' } })), 2)
}, 60_000)

test.each([429, 503])('a storm of %d at every request of a day [I1 I5 I7 I12 × F10]', async (status) => {
  await disturbEach(() => Promise.resolve(Response.json({ error: { code: `http.${status}`, message: '', details: {} } }, { status })), 3)
}, 60_000)

test("a full disk at the server stops a photo's bytes and no operation [I12 × F30]", async () => {
  const day = await Day.begin()
  await day.work()
  const full: typeof fetch = (input, init) => {
    const isFile = String(input).startsWith('/api/v1/files')
    const answer = () => Response.json({ error: { code: 'storage.full', message: '', details: {} } }, { status: 507 })
    return isFile ? Promise.resolve(answer()) : day.server.fetch(input, init)
  }
  for (let turn = 0; turn < 2; turn += 1) {
    await day.write('PAX-03', { value: { checked: turn, failed: 0 } })
    await day.run({ net: { ...day.phone.net, fetch: full } })
    await day.check('full')
    expect((await day.statuses()).filter((status) => status === undefined)).toEqual([])
  }
  expect(day.server.blobs.size).toBe(0)
  await day.end('room again')
})
