import { expect, test } from 'vitest'
import type { Database, Row } from '@/storage/db'
import { recordOps } from '@/storage/outbox'
import { makeCards, readCards, readEntered } from '@/storage/read-cards'
import { getCounter, putServerState } from '@/storage/state'
import { buildCard } from '@/sync/card'
import { fetchMissingLists } from '@/sync/checklists'
import { isShownConflict, mayMap } from '@/sync/conflicts'
import { countUnsent, countWork, HARD_PHOTO_ERRORS, type WorkCounts } from '@/sync/counts'
import { fetchReceipts } from '@/sync/custody'
import { forkDevice } from '@/sync/ledger'
import { needsSight } from '@/sync/operation'
import { listChosen } from '@/sync/versions-in-dispute'
import { leaveSpaces } from '@/sync/pages'
import { pruneOutbox } from '@/sync/retention'
import { Day } from './day'
import { FakeServer, FreshReceipts } from './fake-server'
import { assignInspection, makeItem, makePhone } from './phone'

const TODAY = '2026-03-04'

/** The count as one makes it who reads everything. */
async function countByHand(db: Database): Promise<WorkCounts> {
  const [entries, rows, photos, custody] = [await db.getAll('outbox'), await db.getAll('rows'), await db.getAll('photos_meta'), await db.getAll('custody')]
  const waiting = photos.filter((photo) => photo.state === 'waiting')
  const [may, chosen] = [mayMap(rows), listChosen(entries)]
  const matters = new Set([
    ...custody.filter((one) => one.refused).map((one) => `receipt|${one.space}`),
    ...rows.filter((row: Row) => isShownConflict(row, may, chosen)).map((row) => `${row.space}|${row.id}`),
    ...entries.filter(needsSight).map((one) => (one.result?.status === 'conflict' && one.body.kind === 'answer.set' ? `${one.space}|${one.entity}` : one.op)),
    ...waiting.filter((photo) => HARD_PHOTO_ERRORS.includes(photo.error ?? '')).map((photo) => photo.sha256),
  ])
  return {
    toSend: entries.filter((entry) => entry.result === null).length,
    photos: waiting.length,
    attention: matters.size,
    quarantined: entries.filter((entry) => ['rejected_locked', 'forbidden'].includes(entry.result?.status ?? '')).length,
  }
}

/** Whatever was written since the cards were made: those that are left are true, and so are the counts. */
async function expectTrue(db: Database, why: string): Promise<void> {
  expect(await countWork(db), why).toEqual(await countByHand(db)) // some cards are missing
  const lists = new Map((await db.getAll('lib')).map(({ key, list }) => [key, list]))
  for (const card of await db.getAll('cards')) {
    const { space } = card
    const [rows, outbox] = [await db.getAllFromIndex('rows', 'space', space), await db.getAllFromIndex('outbox', 'space', space)]
    expect(card, `${why}: ${space}`).toEqual(buildCard({ cursor: (await db.get('cursors', space))!, rows, outbox, lists, today: TODAY }))
  }
  const { stale } = await readCards(db, TODAY)
  await makeCards(db, stale, TODAY, () => true)
  expect((await readCards(db, TODAY)).stale, why).toEqual([])
  expect(await countWork(db), why).toEqual(await countByHand(db)) // all are there
  const { ops } = await countUnsent(db)
  expect(ops, why).toBe((await countByHand(db)).toSend)
}

async function runWatched(day: Day, why: string): Promise<void> {
  const fetch: typeof globalThis.fetch = async (...ask) => {
    await expectTrue(day.phone.db, `${why}: ${String(ask[0])}`)
    return day.server.fetch(...ask)
  }
  await day.run({ net: { ...day.phone.net, fetch } })
  await expectTrue(day.phone.db, why)
}

test('a card is never other than what it is made of, and the counts are those of who reads everything', async () => {
  const day = await Day.begin()
  const { db } = day.phone
  await expectTrue(db, 'begun')
  await day.work()
  await expectTrue(db, 'worked')
  await runWatched(day, 'sent')
  day.colleagueWritesOn()
  await runWatched(day, 'pulled')
  expect((await readCards(db, TODAY)).open.map(({ space, conflicts }) => [space, conflicts])).toEqual([['insp:42', ['answer:tr/PAX-03']]])
  expect((await readEntered(db, TODAY)).cards.map(({ space, shown }) => [space, shown?.state])).toEqual([['insp:43', 'entered']])
  day.server.durable = 99
  await runWatched(day, 'let go')
  // Refused, then offered again: it is in sight at the item once more.
  await day.write('PAX-03', { value: { checked: 1, failed: 0 } }, 'insp:43')
  await runWatched(day, 'refused')
  await forkDevice(db, (await getCounter(db)).device, 'dev_other')
  await expectTrue(db, 'renamed')
  await runWatched(day, 'refused again')
  day.server.restoreEmpty('ep_2')
  await runWatched(day, 'restored')
  await runWatched(day, 'restored, again')
  await leaveSpaces(db, ['insp:42'])
  await expectTrue(db, 'taken away')
}, 60_000)

test('a checklist that arrives is in the cards of those that lacked it', async () => {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  await expectTrue(phone.db, 'pulled')
  expect((await readCards(phone.db, TODAY)).open[0]).toMatchObject({ lacks: ['passenger@1'], shown: { total: 0, hasAllLists: false } })
  await fetchMissingLists(phone.db, phone.net)
  await expectTrue(phone.db, 'fetched')
  expect((await readCards(phone.db, TODAY)).open[0]).toMatchObject({ lacks: [], shown: { done: 0, total: 2, hasAllLists: true } })
})

test('an officer who is not there any more begins no inspection once the operation is let go', async () => {
  const server = new FakeServer()
  server.receiptsOf = new FreshReceipts(server)
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  const checkin = { kind: 'checkin.add' as const, space: 'insp:42', entity: 'checkin:1', fields: { sheet: 'tr', officer_id: 3, place: null } }
  await recordOps(phone.db, [checkin])
  await phone.pushAll()
  server.write('insp:42', { t: 'checkin', id: 'checkin:1', fields: {}, gone: true })
  await phone.pullAll()
  await fetchReceipts(phone.db, phone.net)
  await putServerState(phone.db, { durable_seq: 1 })
  await expectTrue(phone.db, 'taken back')
  expect((await readCards(phone.db, TODAY)).open[0]?.shown?.state).toBe('started')
  expect(await pruneOutbox(phone.db)).toBe(1)
  await expectTrue(phone.db, 'let go')
  expect((await readCards(phone.db, TODAY)).open[0]?.shown?.state).toBe('open')
})

test('what was judged by yesterday is judged anew today', async () => {
  const server = new FakeServer()
  assignInspection(server)
  const list = server.lists.get('passenger@1') as { items: object[] }
  list.items[0] = makeItem('PAX-01', { answer: { type: 'date', pass: '>=今天' }, photo_on_fail: true })
  const phone = await makePhone(server)
  await phone.pullAll()
  await fetchMissingLists(phone.db, phone.net)
  await phone.answer('PAX-01', { value: TODAY })
  await expectTrue(phone.db, 'judged')
  expect((await readCards(phone.db, TODAY)).open[0]).toMatchObject({ day: TODAY, shown: { done: 1 } })
  const { stale } = await readCards(phone.db, '2026-03-05')
  expect(stale).toEqual(['insp:42'])
  await makeCards(phone.db, stale, '2026-03-05', () => true)
  expect((await readCards(phone.db, '2026-03-05')).open[0]).toMatchObject({ day: '2026-03-05', shown: { done: 0 } })
})
