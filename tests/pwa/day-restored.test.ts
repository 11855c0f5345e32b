import { expect, test } from 'vitest'
import { openPersonDb } from '@/storage/db'
import { copyStores } from './copy-stores'
import { Day } from './day'
import { leaveAsFirstVersion } from './old-app'

/** The day was sent; then the server came back from a backup that knows none of it. */
async function restored(): Promise<Day> {
  const day = await Day.begin()
  await day.work()
  await day.run()
  return day
}

/** Everything still on the phone is in the new history, once. */
async function expectBack(day: Day, ops: string[]): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await day.run()
    await day.check('a new history')
  }
  const arrived = [...day.server.ledger, ...day.proposed()].map(({ op }) => op)
  expect(ops.filter((op) => !arrived.includes(op))).toEqual([])
  expect(new Set(day.server.ledger.map(({ op }) => op)).size).toBe(day.server.ledger.length)
  expect((await day.statuses()).filter((status) => status === undefined)).toEqual([])
}

test('a phone that lost its newest operations offers the rest again, and reports the numbers that are gone [I16 × F14]', async () => {
  const day = await restored()
  for (const { op, seq } of day.made.slice(3)) {
    await day.phone.db.delete('outbox', seq)
    day.destroyed.add(op)
  }
  day.putInPlace(day.phone.db)
  day.server.restoreEmpty('ep_2')
  const later = await day.write('PAX-03', { value: { checked: 1, failed: 0 } })
  await expectBack(day, [...day.made.slice(0, 3), later].map(({ op }) => op))
  expect(day.server.ledger.filter(({ kind }) => kind === 'device.lost').map(({ seq }) => seq)).toEqual([4, 5])
})

test('two phones of one name offer the same day again: it is there once [I16 × F16]', async () => {
  const day = await restored()
  const twin = await day.clone()
  day.server.restoreEmpty('ep_2')
  await twin.write('PAX-01', { value: 'pass' })
  const ops = [...day.made, twin.made.at(-1)!].map(({ op }) => op)
  day.putInPlace(day.phone.db)
  await expectBack(day, day.made.map(({ op }) => op))
  await expectBack(twin, ops)
})

test('a photo whose bytes cannot be read holds no operation back after a restore [I16 × F19]', async () => {
  const day = await restored()
  await day.phone.db.put('photo_bytes', new ArrayBuffer(8), day.photo)
  day.server.blobs.clear()
  day.server.restoreEmpty('ep_2')
  day.putInPlace(day.phone.db)
  await expectBack(day, day.made.map(({ op }) => op))
  expect(day.server.blobs.size).toBe(0) // nothing false was stored in its place
})

test('the queue of an app of the first version is offered again after a restore [I16 × F23]', async () => {
  const day = await restored()
  day.server.restoreEmpty('ep_2')
  day.putInPlace(await openPersonDb(await leaveAsFirstVersion(await copyStores(day.phone.db))))
  await expectBack(day, day.made.map(({ op }) => op))
})
