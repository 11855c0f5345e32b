import { expect, test } from 'vitest'
import { listNews, NOTHING, type Standing } from '@/domain/news'
import { recordOps } from '@/storage/outbox'
import { isAllOnReceipt, readStanding } from '@/sync/standing'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone, type Phone } from './phone'

const TODAY = '2026-03-04'

async function phoneOnARound(): Promise<Phone> {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  return phone
}

test('only what came since the officer looked is told, all of it, and again only when more comes', () => {
  const seen: Standing = { ...NOTHING, conflict: ['a'] }
  const now: Standing = { ...seen, conflict: ['a', 'b'], assigned: ['insp:1', 'insp:2'] }
  const first = listNews(seen, NOTHING, now)
  expect(first).toEqual([{ kind: 'conflict', n: 1 }, { kind: 'assigned', n: 2 }])
  expect(listNews(seen, now, now)).toEqual([])
  expect(listNews(seen, now, { ...now, conflict: ['a', 'b', 'c'] })).toEqual([{ kind: 'conflict', n: 2 }])
  expect(listNews(seen, now, { ...now, conflict: ['a'] })).toEqual([]) // settled by a colleague meanwhile
})

test('what was assigned, returned or refused and what differs has its name in the standing', async () => {
  const phone = await phoneOnARound()
  const before = await readStanding(phone.db, TODAY)
  expect(before).toEqual({ returned: [], refused: [], conflict: [], assigned: ['insp:42'] })

  assignInspection(phone.server, 'insp:43')
  const sheet = phone.server.find('insp:42', 'sheet:tr')!
  phone.server.write('insp:42', { ...sheet, fields: { ...sheet.fields, state: 'returned', return_reason: '补照片' } })
  await phone.answer('PAX-01', { value: 'pass' })
  phone.server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'fail' }, heads: { value: 'op-b' } })
  await phone.pushAll()
  await phone.pullAll()
  const now = await readStanding(phone.db, TODAY)
  expect(now).toEqual({ returned: ['insp:42'], refused: [], conflict: ['insp:42|answer:tr/PAX-01'], assigned: ['insp:42', 'insp:43'] })
})

test('an entry that was not made is a refusal, also where it met a change', async () => {
  const phone = await phoneOnARound()
  const [entry] = await recordOps(phone.db, [{ kind: 'sheet.enter', space: 'insp:42', entity: 'sheet:tr', fields: { results: { 'PAX-01': 1 } } }])
  await phone.db.put('outbox', { ...(await phone.outbox())[0]!, result: { op: entry!.op, status: 'conflict' } })
  expect(await readStanding(phone.db, TODAY)).toMatchObject({ refused: [entry!.op], conflict: [] })
})

test('all has arrived when a receipt this phone has checked names it, not before', async () => {
  const phone = await phoneOnARound()
  await phone.answer('PAX-01', { value: 'pass' })
  expect(await isAllOnReceipt(phone.db)).toBe(false)
  await phone.pushAll()
  await phone.pullAll()
  expect(await isAllOnReceipt(phone.db)).toBe(false) // sent, and nothing says so that one could show
  await phone.takeReceipt()
  expect(await isAllOnReceipt(phone.db)).toBe(true)
})
