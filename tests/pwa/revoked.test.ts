import { expect, test, vi } from 'vitest'
import { exportUnsent, noteExported } from '@/storage/export'
import { getCounter, getServerState } from '@/storage/state'
import { signIn } from '@/sync/session'
import { FakeServer } from './fake-server'
import { makeLoop, runRound } from './loop-harness'
import { assignInspection, makePhone } from './phone'
import { attachPhoto } from './photo'

async function connected() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.db.put('meta', 'push-secret', 'push_credential')
  await phone.pullAll()
  return { server, phone, ...makeLoop(phone) }
}
const sentCredential = (server: FakeServer) => server.pushedBy.some((one) => one.person === 'credential')

test('the push-only credential stays in the phone while nobody has revoked it [I17 × F24]', async () => {
  const { server, phone, loop, ports } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  server.cookie = null // expired, not revoked
  loop.wake('start')
  await runRound(loop, ports)
  expect(loop.state.reason).toBe('sign-in')
  expect(sentCredential(server)).toBe(false)
})

test('a revoked phone stops reading and hands on all it holds, photos too, into quarantine [I17 I4 I1 × F33]', async () => {
  const { server, phone, loop, ports } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  const sha256 = await attachPhoto(phone)
  server.isRevoked = true
  loop.wake('start')
  await runRound(loop, ports) // told so
  expect((await getServerState(phone.db)).is_revoked).toBe(true)
  await runRound(loop, ports)
  await vi.waitFor(() => expect(server.blobs.has(sha256)).toBe(true))
  expect((await phone.outbox()).map((entry) => entry.result?.status)).toEqual(['forbidden', 'forbidden'])
  expect(server.pushedBy.every((one) => one.person === 'credential')).toBe(true)
  const rows = await phone.db.count('rows')
  expect(rows).toBeGreaterThan(0)
})

test('a revoked phone hears of a restored server and offers again what that one forgot [I16 I17 × F29 F33]', async () => {
  const { server, phone, loop, ports } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  server.isRevoked = true
  loop.wake('start')
  await runRound(loop, ports)
  await runRound(loop, ports)
  await vi.waitFor(() => expect(server.ledger.length).toBe(1))
  server.restoreEmpty('ep_2')
  await runRound(loop, ports)
  await vi.waitFor(() => expect(server.ledger.map((one) => one.fields)).toEqual([{ value: 'fail' }]))
  expect((await getServerState(phone.db)).epoch).toBe('ep_2')
})

test('without an order, or with unsent work, nothing is deleted; an emptied phone obeys [I17 × F33]', async () => {
  const { server, phone, loop, ports, wiped } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  server.isRevoked = true
  server.wipe = true
  server.faults = [() => Response.json({ error: { code: 'device.revoked', message: '', details: { wipe: true } } }, { status: 403 }), 503]
  loop.wake('start')
  await runRound(loop, ports)
  await runRound(loop, ports) // 503: still unsent
  expect([(await getServerState(phone.db)).wipe_ordered, wiped()]).toEqual([true, 0])
  ports.fire()
  await vi.waitFor(() => expect(wiped()).toBe(1))
  expect(server.ledger.length).toBe(1)
  expect(server.requests.at(-1)!.path).toBe('/api/v1/devices/dev_a/wiped')
})

test('unsent work that was exported lets a wipe go ahead; what was recorded after the file does not [I17 × F33]', async () => {
  const { server, phone, loop, ports, wiped } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  await exportUnsent(phone.db, 'zhang', '1.0.0', 0)
  await noteExported(phone.db, 0)
  await phone.answer('PAX-03', { note: '之后' })
  const { obeyWipe } = await import('@/sync/wipe')
  const { putServerState } = await import('@/storage/state')
  await putServerState(phone.db, { wipe_ordered: true })
  expect(await obeyWipe(phone.db, phone.net)).toEqual({ kind: 'done' })
  await noteExported(phone.db, 0)
  expect(await obeyWipe(phone.db, phone.net)).toEqual({ kind: 'wiped' })
  expect(wiped()).toBe(0)
  expect([loop.state.phase, ports.timers.length, server.ledger.length]).toEqual(['idle', 0, 0])
})

test('a wrong password in good standing: the credential is refused once and the phone goes back to signing in [I17 × F24]', async () => {
  const { server, phone, loop, ports } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  server.cookie = null
  server.faults = [401]
  expect(await signIn(phone.net, 'zhang', 'wrong', '手机', phone.db)).toMatchObject({ kind: 'refused' })
  expect((await getServerState(phone.db)).is_revoked).toBe(true)
  loop.wake('tap')
  await runRound(loop, ports)
  await vi.waitFor(() => expect(loop.state.reason).toBe('sign-in'))
  expect((await getServerState(phone.db)).is_revoked).toBe(false)
  expect((await phone.outbox())[0]!.result).toBeNull()
})

test('a revoked phone that is empty signs in under a new name, and numbers from 1 [I9 × F33]', async () => {
  const { phone } = await connected()
  const gone = () => Response.json({ error: { code: 'device.revoked', message: '', details: { wipe: false } } }, { status: 403 })
  phone.server.faults = [gone]
  // The fake server knows person 8; the phone's stores here are another database, so it signs in as a new one would.
  const done = await signIn(phone.net, 'li', 'pw', '手机')
  expect(done.kind).toBe('in')
  const ids = phone.server.requests.filter((one) => one.path === '/api/v1/session').map((one) => (one.body as { device: { id: string } }).device.id)
  expect(new Set(ids).size).toBe(2)
  expect((await getCounter(phone.db)).device).toBe('dev_a')
})

test('a heartbeat says what the phone holds, in push and in pull', async () => {
  const { server, phone, loop, ports } = await connected()
  await phone.answer('PAX-01', { value: 'fail' })
  await attachPhoto(phone)
  server.requests.length = 0
  loop.wake('start')
  await runRound(loop, ports)
  const beats = server.requests.filter((one) => /push|pull/.test(one.path)).map((one) => (one.body as { heartbeat: Record<string, unknown> }).heartbeat)
  expect(beats[0]).toMatchObject({ unsent: 2, photos_waiting: 1, attention: 0, quarantined: 0, app: '1.0.0', label: '手机甲' })
  expect(beats.at(-1)).toMatchObject({ unsent: 0, photos_waiting: 0 })
})
