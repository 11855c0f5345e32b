import { expect, test } from 'vitest'
import { openPersonDb, type Database } from '@/storage/db'
import { readQueue } from '@/storage/read-queue'
import { adoptDevice, getCounter, putServerState } from '@/storage/state'
import { StoodDown } from '@/sync/leader'
import { enterScope } from '@/sync/pages'
import { copyStores } from './copy-stores'
import { Day } from './day'
import { breakEach, disturbEach, loseConnection } from './disturb'
import { fillDisk } from './full-disk'
import { leaveAsFirstVersion } from './old-app'
import { attachPhoto } from './photo'
import { Killed } from './reaper'

const idOf = (db: Database) => Number(db.name.split('-')[1])

test('the tab dies in the middle of a round [I5 I6 I7 I12 I14 I20 I27 × F12 F13]', async () => {
  await breakEach(() => new Killed(), (day) => day.reopen())
}, 60_000)

test('the connection to the store is lost in the middle of a round, and opened again [I1 I5 I7 I12 I14 I20 I27 × F21]', async () => {
  await breakEach(loseConnection, (day) => day.run())
}, 60_000)

test('power fails after the newest operations were sent, and they are gone [I1 I5 I7 I9 I14 I20 I27 × F14]', async () => {
  const day = await Day.begin()
  await day.work()
  const copy = await copyStores(day.phone.db)
  for (const entry of day.made.slice(2)) {
    await copy.delete('outbox', entry.seq)
    day.destroyed.add(entry.op)
  }
  const [, second] = await copy.getAll('outbox')
  await copy.put('meta', { ...(await getCounter(copy)), seq: second!.seq }, 'counter')
  await day.run()
  await day.check('before the failure')
  day.putInPlace(copy)
  await day.write('PAX-03', { value: { checked: 1, failed: 0 } })
  expect((await day.phone.outbox()).at(-1)!.seq).toBe(3) // a number the server has seen
  await day.end('after the failure')
  expect((await getCounter(copy)).device).not.toBe('dev_a')
  expect(day.server.ledger.length + day.proposed().length).toBe(6)
})

test('an older copy of the phone is put in place [I1 I5 I6 I7 I9 I14 I20 I27 × F15]', async () => {
  const day = await Day.begin()
  const copy = await copyStores(day.phone.db)
  await day.work()
  await day.run()
  await day.check('before')
  for (const { op } of day.made) day.destroyed.add(op)
  day.putInPlace(copy)
  await day.write('PAX-03', { value: { checked: 1, failed: 0 } })
  await day.end('after')
  expect((await getCounter(copy)).device).not.toBe('dev_a')
  expect(day.server.ledger.length + day.proposed().length).toBe(6)
})

test('two phones go on under one name [I1 I2 I5 I7 I9 I12 I20 × F16]', async () => {
  const day = await Day.begin()
  await day.work()
  const twin = await day.clone()
  await day.write('PAX-03', { value: { checked: 2, failed: 0 } })
  await twin.write('PAX-01', { value: 'pass' })
  for (const one of [day, twin, day, twin]) {
    await one.run()
    await one.check('two of a name')
  }
  await day.end('the first')
  await twin.end('the second')
  const names = [await getCounter(day.phone.db), await getCounter(twin.phone.db)].map((counter) => counter.device)
  expect(new Set(names).size).toBe(2)
})

test('the browser evicts all stores after they were sent [I5 I14 I27 × F17]', async () => {
  const day = await Day.begin()
  await day.work()
  await day.run()
  for (const { op } of day.made) day.destroyed.add(op)
  const fresh = await openPersonDb(idOf(await copyStores(day.phone.db)) + 10_000)
  await adoptDevice(fresh, 'dev_new')
  await fresh.put('meta', 8, 'person')
  await enterScope(fresh, ['user:8'])
  await putServerState(fresh, { epoch: day.server.epoch, csrf: 'token' })
  day.putInPlace(fresh)
  await day.write('PAX-03', { value: { checked: 1, failed: 0 } })
  await day.end('evicted')
})

test.each(['outbox', 'rows', 'cursors', 'meta', 'photos_meta', 'contacts', 'lib', 'custody'])('the disk is full at %s for a whole round, and a photo is refused [I1 I5 I12 × F18]', async (store) => {
  const day = await Day.begin()
  await day.work()
  const full = fillDisk(store)
  await day.run()
  full.restore()
  const noPhoto = fillDisk('photo_bytes')
  await expect(attachPhoto(day.phone)).rejects.toThrow()
  noPhoto.restore()
  await day.check(store)
  await day.end(store)
  await day.backUp(store)
})

test("a photo's bytes are damaged in the store [I1 I12 I20 I27 × F19]", async () => {
  const day = await Day.begin()
  await day.work()
  await day.phone.db.put('photo_bytes', new ArrayBuffer(8), day.photo)
  const other = await attachPhoto(day.phone, 500)
  await day.end('damaged', { isPhotoLost: true })
  expect([day.server.blobs.has(day.photo), day.server.blobs.has(other)]).toEqual([false, true])
  const ofPhoto = async () => (await readQueue(day.phone.db)).matters.filter((one) => one.kind === 'photo').map((one) => one.key)
  expect(await ofPhoto()).toEqual([day.photo])
  day.server.durable = 99
  await day.end('damaged, backed up', { isPhotoLost: true })
  expect(await ofPhoto()).toEqual([day.photo])
  expect(await day.phone.db.getAllKeys('photo_bytes')).toEqual([day.photo]) // the other one's went
})

test.each([
  ['after its request', false],
  ['before its request', true],
])('a tab freezes %s, another makes the round and the officer writes there, the first wakes [I1 I2 I5 I6 I7 I12 I14 I20 I25 I27 × F20]', async (_, isBefore) => {
  await disturbEach(async (go, day) => {
    const early = isBefore ? null : await go()
    day.colleagueWritesOn()
    const tab = await openPersonDb(idOf(day.phone.db))
    await day.run({ db: tab })
    await day.write('PAX-03', { value: { checked: 1, failed: 0 } })
    await day.run({ db: tab })
    tab.close()
    day.guard = () => Promise.reject(new StoodDown('leader'))
    return early ?? go()
  })
}, 60_000)

test('an app of the first version left its queue: stores without drafts and receipts, entries without hash and chain [I2 I5 I6 I7 I9 I12 I14 I20 I27 × F23]', async () => {
  const day = await Day.begin()
  await day.work()
  day.putInPlace(await openPersonDb(await leaveAsFirstVersion(day.phone.db)))
  const next = await day.write('PAX-03', { value: { checked: 1, failed: 0 } })
  expect(next.seq).toBe(6)
  await day.check('upgraded')
  await day.end('upgraded')
  expect(day.server.ledger.map((op) => op.seq)).toEqual([1, 2, 3, 5, 6])
})

test('the session ends at any request of a day [I1 I5 I6 I7 I12 I14 I20 I25 I27 × F24]', async () => {
  await disturbEach(() => Promise.resolve(Response.json({ error: { code: 'session.required', message: '', details: {} } }, { status: 401 })))
}, 60_000)

test('another person signs in at any request of a day, and the first comes back [I5 I6 I7 I12 I14 I20 I23 I25 I27 × F24]', async () => {
  await disturbEach(async (go, day) => {
    day.server.cookie = 9
    day.guard = () => Promise.reject(new StoodDown('person'))
    const answer = await go()
    expect(day.server.pushedBy.filter((one) => one.person !== 8)).toEqual([])
    day.server.cookie = 8
    return answer
  })
}, 60_000)
