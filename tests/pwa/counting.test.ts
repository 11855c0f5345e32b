import { expect, test } from 'vitest'
import { arrange } from '@/screens/arranging'
import { countIn } from '@/screens/counting'
import { app } from '@/screens/state'
import { FakeServer } from './fake-server'
import { makePhone } from './phone'

test('what was just written is counted at once, and a count begun before it does not take it back', async () => {
  const phone = await makePhone(new FakeServer())
  let lookedAt = 0
  const counting = countIn(() => {
    lookedAt += 1
    // The store has been counted and found empty; before that is said, a tap is on disk.
    if (lookedAt === 2) counting.add(1, 1)
    return phone.db
  })
  await counting.again()
  expect(app.counts).toMatchObject({ toSend: 1, photos: 1 })
  await phone.answer('PAX-01', { value: 'pass' })
  await counting.again()
  expect(app.counts).toMatchObject({ toSend: 1, photos: 0 })
  expect(app.isCounted).toBe(true)
})

test('nothing is counted of a store in whose place another was opened meanwhile', async () => {
  const [first, second] = [await makePhone(new FakeServer()), await makePhone(new FakeServer())]
  await first.answer('PAX-01', { value: 'pass' })
  const seen: number[] = []
  let lookedAt = 0
  const counting = countIn(() => {
    lookedAt += 1
    seen.push(app.counts.toSend)
    return lookedAt === 1 ? first.db : second.db
  })
  app.counts = { toSend: 7, photos: 0, attention: 0, quarantined: 0 }
  await counting.again()
  expect(seen.filter((n) => n !== 7 && n !== 0)).toEqual([]) // never the one of the first
  expect(app.counts.toSend).toBe(0)
})

test('of very many inspections without a card the newest are counted at once, and all when their cards are made', async () => {
  const phone = await makePhone(new FakeServer())
  const row = { gone: false, heads: {}, siblings: [] }
  const sibling = { op: 'op-b', author: { id: 11, name: '赵六' }, at: '2026-03-04T09:00:00+08:00', fields: { value: 'fail' } }
  for (let n = 950; n <= 1010; n += 1) {
    const space = `insp:${n}`
    await phone.db.put('cursors', { space, cursor: 1, round: 0, ready: true } as never)
    await phone.db.put('rows', { ...row, space, id: `inspection:${n}`, t: 'inspection', fields: { may: ['tr'], sheets: [] } } as never)
    if ([950, 1009, 1010].includes(n)) await phone.db.put('rows', { ...row, space, id: 'answer:tr/PAX-01', t: 'answer', fields: {}, siblings: [sibling] } as never)
  }
  let arranging: Promise<void> | null = null
  const counting = countIn(() => phone.db, () => (arranging ??= arrange(() => phone.db).then(counting.again)))
  await counting.again()
  expect(app.counts.attention).toBe(2)
  await arranging
  expect(app.counts.attention).toBe(3)
})
