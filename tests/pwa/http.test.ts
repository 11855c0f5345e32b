import { expect, test } from 'vitest'
import { call } from '@/net/http'
import { readRefused } from '@/sync/outcome'

const never = new Promise<never>(() => undefined)
const ask = { method: 'POST', path: '/api/v1/sync/push', body: {}, deadlineMs: 20 }
const net = (fetch: typeof globalThis.fetch) => ({ fetch, now: () => 0 })

test('a request that stalls ends at its deadline, even where the network ignores the signal [I12 × F7]', async () => {
  expect(await call(net(() => never), ask)).toEqual({ kind: 'offline', why: 'timeout' })
})

test('an answer whose body stalls ends at the deadline too [I12 × F7]', async () => {
  const stalled = { type: 'basic', status: 200, headers: new Headers(), arrayBuffer: () => never } as unknown as Response
  expect(await call(net(() => Promise.resolve(stalled)), ask)).toEqual({ kind: 'offline', why: 'timeout' })
})

test.each([
  ['a page of a portal', new Response('<html>请登录</html>', { status: 200 })],
  ['a redirect', new Response(null, { status: 302, headers: { Location: 'http://portal/' } })],
  ["a proxy's own refusal", new Response('<html>Forbidden</html>', { status: 403 })],
  ['a proxy that will not wait', new Response('<html>Timeout</html>', { status: 408 })],
])('%s is no answer of ours: offline [I7 × F8 F11]', async (_, answer) => {
  expect(await call(net(() => Promise.resolve(answer)), ask)).toEqual({ kind: 'offline', why: 'foreign' })
})

test.each([
  [new Response('', { status: 413 }), { kind: 'later', why: 'http.413', afterMs: null }],
  [new Response('', { status: 429, headers: { 'Retry-After': '7' } }), { kind: 'later', why: 'http.429', afterMs: 7000 }],
  [new Response('busy', { status: 503, headers: { 'Retry-After': '3' } }), { kind: 'later', why: 'http.503', afterMs: 3000 }],
  [new Response('', { status: 401 }), { kind: 'sign-in' }],
])('what stands for itself needs no body of ours [I12 × F10 F11 F24]', async (answer, outcome) => {
  const reply = await call(net(() => Promise.resolve(answer)), ask)
  expect(reply.kind === 'ok' ? reply : readRefused(reply)).toEqual(outcome)
})

test('whoever may not talk any more sends nothing, and an answer that comes then does not count [I23 I26 × F20 F24]', async () => {
  let asked = 0
  const fetch = () => ((asked += 1), Promise.resolve(Response.json({})))
  const guardAt = (n: number) => {
    let turn = 0
    return () => ((turn += 1) >= n ? Promise.reject(new Error('stand down')) : Promise.resolve())
  }
  await expect(call({ ...net(fetch), guard: guardAt(1) }, ask)).rejects.toThrow('stand down')
  expect(asked).toBe(0)
  await expect(call({ ...net(fetch), guard: guardAt(2) }, ask)).rejects.toThrow('stand down')
  expect(asked).toBe(1)
})

test('the push-only credential goes alone: no cookie, no token [I23 × F33]', async () => {
  let sent: RequestInit | undefined
  const fetch = (_: unknown, init?: RequestInit) => ((sent = init), Promise.resolve(Response.json({})))
  await call(net(fetch), { ...ask, csrf: 'token', credential: 'secret' })
  expect(sent).toMatchObject({ credentials: 'omit' })
  expect(sent!.headers).toEqual({ Accept: 'application/json', Authorization: 'SuichaPush secret', 'Content-Type': 'application/json' })
})
