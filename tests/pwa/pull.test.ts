import { expect, test } from 'vitest'
import { fetchMissingLists } from '@/sync/checklists'
import { changeEpoch, forkDevice } from '@/sync/ledger'
import { applyPage } from '@/sync/pages'
import { pullOnce, SPACES_AT_ONCE } from '@/sync/pull'
import { makeCards, readCards } from '@/storage/read-cards'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone, type Phone } from './phone'

async function connected() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  return { server, phone }
}

test('a new assignment comes into scope and is read from 0', async () => {
  const { server, phone } = await connected()
  expect(await phone.pullAll()).toEqual({ kind: 'done' })
  expect((await phone.db.get('cursors', 'insp:42'))?.cursor).toBe(2)
  expect(await phone.row('sheet:tr')).toBeDefined()
  expect(server.requests.filter((r) => r.path.endsWith('pull')).length).toBe(2)
})

test('rows and cursor are stored in one transaction: a page that cannot be stored moves nothing [I6 I14 × F21]', async () => {
  const { phone } = await connected()
  await phone.pullAll()
  const page = {
    from: 2,
    to: 9,
    more: false,
    rows: [
      { t: 'answer', id: 'answer:tr/PAX-01', seq: 8, fields: { value: 'pass' } },
      { t: 'answer', id: 'answer:tr/PAX-03', seq: 9, fields: { value: (() => 1) as never } },
    ],
  }
  await expect(applyPage(phone.db, 'insp:42', page, 2)).rejects.toThrow()
  expect(await phone.row('answer:tr/PAX-01')).toBeUndefined()
  expect((await phone.db.get('cursors', 'insp:42'))?.cursor).toBe(2)
})

test('a late or doubled page changes nothing [I14 × F4 F6 F9]', async () => {
  const { phone } = await connected()
  await phone.pullAll()
  const late = { from: 0, to: 1, more: false, rows: [{ t: 'sheet', id: 'sheet:tr', seq: 1, fields: { state: 'old' } }] }
  expect(await applyPage(phone.db, 'insp:42', late, 0)).toBe(false)
  expect((await phone.row('sheet:tr'))?.fields.state).toBe('open')
})

async function listed(phone: Phone): Promise<string[]> {
  const { stale } = await readCards(phone.db, '2026-03-04')
  await makeCards(phone.db, stale, '2026-03-04', () => true)
  return (await readCards(phone.db, '2026-03-04')).open.map((card) => card.space)
}

test('a phone with more inspections than one request may name asks in turns, and has them all', async () => {
  const server = new FakeServer()
  const spaces = Array.from({ length: SPACES_AT_ONCE + 150 }, (_, n) => `insp:${1000 + n}`)
  for (const space of spaces) assignInspection(server, space)
  const phone = await makePhone(server)
  for (let turn = 0; turn < 30 && (await pullOnce(phone.db, phone.net)).kind === 'again'; turn += 1);
  expect((await phone.db.getAll('cursors')).filter((one) => one.ready).length).toBe(spaces.length + 1)
  const named = server.requests.filter((one) => one.path.endsWith('pull')).map((one) => Object.keys((one.body as { spaces: object }).spaces).length)
  expect(Math.max(...named)).toBe(SPACES_AT_ONCE)
  // A round in which nothing happened touches nothing: cards stay, and news in the last turn is found.
  await makeCards(phone.db, (await readCards(phone.db, '2026-03-04')).stale, '2026-03-04', () => true)
  server.write(spaces[3]!, { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass' } })
  await pullOnce(phone.db, phone.net)
  expect(await pullOnce(phone.db, phone.net)).toEqual({ kind: 'done' })
  expect((await readCards(phone.db, '2026-03-04')).stale).toEqual([spaces[3]])
}, 60_000)

test('a first load in several pages is shown when the last one is there', async () => {
  const { server, phone } = await connected()
  server.pageSize = 1
  await pullOnce(phone.db, phone.net)
  await pullOnce(phone.db, phone.net)
  expect(await listed(phone)).toEqual([])
  await phone.pullAll()
  expect(await listed(phone)).toEqual(['insp:42'])
})

test('a wrong digest reads that space again, the outbox stays', async () => {
  const { server, phone } = await connected()
  await phone.pullAll()
  await phone.answer('PAX-01', { value: 'pass' })
  const row = (await phone.row('sheet:tr'))!
  await phone.db.delete('rows', ['insp:42', 'sheet:tr'])
  await phone.db.put('rows', { ...row, id: 'sheet:ghost' })
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-03', fields: {} })
  await phone.pullAll()
  expect(await phone.row('sheet:tr')).toBeDefined()
  expect(await phone.row('sheet:ghost')).toBeUndefined()
  expect((await phone.outbox()).length).toBe(1)
})

test('a revoked inspection goes, its unsent work stays and is still sent [I1 I17 × F33]', async () => {
  const { server, phone } = await connected()
  await phone.pullAll()
  await phone.answer('PAX-01', { value: 'pass' })
  const rows = server.spaces.get('insp:42')!
  server.spaces.delete('insp:42')
  await phone.pullAll()
  expect(await phone.db.getAllFromIndex('rows', 'space', 'insp:42')).toEqual([])
  expect((await phone.outbox()).length).toBe(1)
  server.spaces.set('insp:42', rows)
  await phone.pushAll()
  expect(server.ledger.length).toBe(1)
})

test('a server that restarts a space at 0 is followed [I5 × F29]', async () => {
  const { phone } = await connected()
  await phone.pullAll()
  const fresh = { from: 0, to: 1, more: false, rows: [{ t: 'sheet', id: 'sheet:tr', seq: 1, fields: { state: 'returned' } }] }
  expect(await applyPage(phone.db, 'insp:42', fresh, 2)).toBe(true)
  expect((await phone.row('sheet:tr'))?.fields.state).toBe('returned')
  expect(await phone.row('inspection:42')).toBeUndefined()
})

test('every checklist an assigned sheet names is fetched once', async () => {
  const { server, phone } = await connected()
  await phone.pullAll()
  await fetchMissingLists(phone.db, phone.net)
  await fetchMissingLists(phone.db, phone.net)
  expect(server.requests.filter((r) => r.path.includes('/lib/')).length).toBe(1)
  expect((await phone.db.get('lib', 'passenger@1'))?.list.items.length).toBe(2)
})

test.each([
  ['the phone took another name', (phone: Phone) => forkDevice(phone.db, 'dev_a')],
  ['the server began a new history', (phone: Phone) => changeEpoch(phone.db, 'ep_2')],
] as const)('a pull answer that comes after %s is ignored [I14 I7 × F6 F16 F29]', async (_, happen) => {
  const { server, phone } = await connected()
  await phone.pullAll()
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass' } })
  const real = server.fetch
  const net = { ...phone.net, fetch: async (...ask: Parameters<typeof fetch>) => { const answer = await real(...ask); await happen(phone); return answer } }
  const before = await phone.db.get('cursors', 'insp:42')
  expect(await pullOnce(phone.db, net)).toEqual({ kind: 'again' })
  expect(await phone.row('answer:tr/PAX-01')).toBeUndefined()
  expect((await phone.db.get('cursors', 'insp:42'))!.cursor).toBeLessThanOrEqual(before!.cursor)
})
