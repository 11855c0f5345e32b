import { deleteDB } from 'idb'
import { expect, test, vi } from 'vitest'
import { openPersonDb } from '@/storage/db'
import { findAccount, getSetting, putSetting } from '@/storage/device'
import { getCounter, getServerState } from '@/storage/state'
import { StoodDown } from '@/sync/leader'
import { adoptStores, signIn } from '@/sync/session'
import { FakeServer } from './fake-server'
import { makeLoop, runRound } from './loop-harness'
import { assignInspection, makePhone } from './phone'

async function connected() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  return { server, phone, ...makeLoop(phone) }
}

test('another person in this browser: nothing of the first goes with their credentials [I23 × F24]', async () => {
  const { server, phone, loop, ports } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  server.cookie = 9 // signed in from another tab
  loop.wake('start')
  await runRound(loop, ports)
  expect(loop.state.reason).toBe('sign-in')
  expect(server.pushedBy).toEqual([])
  expect((await phone.outbox())[0]!.result).toBeNull()
  server.cookie = 8
  expect(await phone.pushAll()).toEqual({ kind: 'done' })
  expect(server.pushedBy.map((one) => one.person)).toEqual([8])
})

test('a person switch between two batches stops before the second [I23 I1 × F24]', async () => {
  const { server, phone, loop, ports } = await connected()
  for (let n = 0; n < 60; n += 1) await phone.answer('PAX-01', { note: `第${n}次` })
  await putSetting('session_person', 8)
  ports.guard = async () => {
    if ((await getSetting<number>('session_person')) !== 8) throw new StoodDown('person')
  }
  server.faults = [() => (void putSetting('session_person', 9), (server.cookie = 9), null)]
  server.cookie = 8
  loop.wake('start')
  ports.fire()
  await vi.waitFor(() => expect(loop.state.reason).toBe('sign-in'))
  expect(server.pushedBy.every((one) => one.person === 8)).toBe(true)
  expect(server.pushedBy.length).toBeLessThanOrEqual(50)
  expect((await phone.outbox()).length).toBe(60)
})

test('a token that expires in mid-batch keeps the queue, and the rest goes after signing in again [I1 I2 × F24]', async () => {
  const { server, phone, loop, ports } = await connected()
  for (let n = 0; n < 60; n += 1) await phone.answer('PAX-01', { note: `第${n}次` })
  server.faults = [() => null, () => ((server.cookie = null), null)]
  loop.wake('start')
  await runRound(loop, ports)
  await vi.waitFor(() => expect(loop.state.reason).toBe('sign-in'))
  expect((await getServerState(phone.db)).needs_sign_in).toBe(true)
  server.cookie = 8
  loop.wake('tap')
  ports.fire()
  await vi.waitFor(() => expect(loop.state).toMatchObject({ phase: 'idle', reason: '' }))
  expect(server.ledger.map((op) => op.seq)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
})

test('each person has a database of their own, and signing in says whose session the browser holds [I23 × F24]', async () => {
  const server = new FakeServer()
  const net = { fetch: server.fetch, now: () => 0 }
  await signIn(net, 'zhang', 'pw', '手机')
  expect(await getSetting('session_person')).toBe(8)
  await signIn(net, 'wang', 'pw', '手机')
  expect(await getSetting('session_person')).toBe(9)
  expect(await findAccount('zhang')).toMatchObject({ person_id: 8 })
  expect((await findAccount('zhang'))!.device).not.toBe((await findAccount('wang'))!.device)
})

test('while somebody signs in no tab may send, and a refused password leaves the session as it was [I23 × F24]', async () => {
  const server = new FakeServer()
  let during: unknown = 'not asked'
  const fetch: typeof globalThis.fetch = async (input, init) => {
    during = await getSetting('session_person')
    return server.fetch(input, init)
  }
  await putSetting('session_person', 8)
  server.faults = [401]
  expect(await signIn({ fetch, now: () => 0 }, 'wang', 'wrong', '手机')).toMatchObject({ kind: 'refused' })
  expect(during).toBeNull()
  expect(await getSetting('session_person')).toBe(8)
})

test('stores found empty get a new device id and ask to sign in; the old name is not reused [I9 × F17]', async () => {
  const server = new FakeServer()
  const net = { fetch: server.fetch, now: () => 0 }
  const first = await signIn(net, 'zhang', 'pw', '手机')
  if (first.kind !== 'in') throw new Error('not in')
  const old = (await findAccount('zhang'))!.device
  await deleteDB('suicha-8')
  const db = await openPersonDb(8)
  expect(await adoptStores(db, first.profile)).toBe(true)
  const { device } = await getCounter(db)
  expect(device).not.toBe(old)
  expect((await getServerState(db)).needs_sign_in).toBe(true)
  expect(await db.get('meta', 'push_credential')).toBe('push-secret') // it could still be revoked
  expect(await adoptStores(db, first.profile)).toBe(false)
  db.close()
})

test('signing in after the stores were cleared makes a new device, not a second use of the old numbers [I9 × F17]', async () => {
  const server = new FakeServer()
  const net = { fetch: server.fetch, now: () => 0 }
  await signIn(net, 'zhang', 'pw', '手机')
  const old = (await findAccount('zhang'))!.device
  await deleteDB('suicha-8')
  await signIn(net, 'zhang', 'pw', '手机')
  expect((await findAccount('zhang'))!.device).not.toBe(old)
})
