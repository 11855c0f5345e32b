import { expect, test } from 'vitest'
import { Day } from './day'

test('a day without trouble: a colleague wrote first, another sheet was entered meanwhile [I5 I7 I27 × F34]', async () => {
  const day = await Day.begin()
  await day.work()
  await day.check('offline')
  await day.run()
  await day.check('sent')
  expect(await day.statuses()).toEqual(['applied', 'applied', 'conflict', 'rejected_locked', 'applied'])
  await day.end('at rest')
  await day.backUp('at rest')
})

test('the server stumbles over one operation: it is shown as waiting, then as what it became [I5 I6 I7 I12 I14 I27 × F26]', async () => {
  const day = await Day.begin()
  await day.work()
  day.server.stumbles.set('answer:tr/PAX-03', 'held')
  await day.run()
  await day.check('stumbled')
  expect(await day.statuses()).toEqual(['applied', 'applied', 'held', 'rejected_locked', 'applied'])
  day.server.repair()
  await day.end('repaired')
  expect((await day.statuses())[2]).toBe('conflict')
  await day.backUp('repaired')
})

test('an item left the list under an open inspection: its answer is refused, in sight, and holds nothing up [I5 I12 I27 × F37]', async () => {
  const day = await Day.begin()
  await day.work()
  day.server.stumbles.set('answer:tr/PAX-03', 'invalid')
  await day.run()
  await day.check('refused')
  expect(await day.statuses()).toEqual(['applied', 'applied', 'invalid', 'rejected_locked', 'applied'])
  await day.end('refused')
})

test('the lead settles a conflict while the phone edits on: what came too late is a conflict again, never shown as accepted [I5 I7 I12 I27 × F36]', async () => {
  const day = await Day.begin()
  await day.work()
  await day.run()
  await day.write('PAX-03', { note: '再改' })
  day.server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-03', fields: { note: '组长定' }, heads: { note: 'lead' } })
  await day.check('settled meanwhile')
  await day.end('settled meanwhile')
  expect((await day.statuses()).at(-1)).toBe('conflict')
})

test('the person is revoked while offline: all is sent, shown as with the office, and nothing is let go [I7 I17 I20 × F33]', async () => {
  const day = await Day.begin()
  await day.work()
  day.server.isRevoked = true
  for (let turn = 0; turn < 3; turn += 1) {
    await day.run()
    await day.check('revoked')
  }
  expect(await day.statuses()).toEqual(Array(5).fill('forbidden'))
  expect((await day.phone.db.getAllKeys('photo_bytes'))).toEqual([day.photo])
})
