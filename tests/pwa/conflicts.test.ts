import { expect, test } from 'vitest'
import { listMissingForEntry } from '@/domain/missing'
import { recordOps } from '@/storage/outbox'
import { headingOf } from '@/screens/matter-heading'
import { readInspection } from '@/storage/read'
import { readQueue } from '@/storage/read-queue'
import { countWork } from '@/sync/counts'
import { fetchMissingLists } from '@/sync/checklists'
import { dismissSettled } from '@/sync/ledger'
import { pruneOutbox } from '@/sync/retention'
import { listVersions } from '@/sync/versions-in-dispute'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone, type Phone } from './phone'

async function connected() {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  await fetchMissingLists(phone.db, phone.net)
  return { server, phone }
}

const sheetOf = async (phone: Phone) => (await readInspection(phone.db, 'insp:42', '2026-03-04'))!.sheets[0]!

test('the officer sees the own pending edit over the pulled row', async () => {
  const { server, phone } = await connected()
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass', note: '旧' }, heads: { value: 'x', note: 'y' } })
  await phone.pullAll()
  await phone.answer('PAX-01', { value: 'fail' })
  const answer = (await sheetOf(phone)).answers['PAX-01']!
  expect(answer.fields).toEqual({ value: 'fail', note: '旧' })
  expect(answer.state).toBe('waiting')
})

test('an applied edit stays in sight until its row has come back', async () => {
  const { phone } = await connected()
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.pushAll()
  expect((await sheetOf(phone)).answers['PAX-01']).toMatchObject({ fields: { value: 'pass' }, state: 'sent' })
  await phone.pullAll()
  expect((await sheetOf(phone)).answers['PAX-01']).toMatchObject({ fields: { value: 'pass' }, state: 'sent' })
})

test('a conflict shows both versions and one tap settles it on both phones', async () => {
  const { server, phone } = await connected()
  const other = await makePhone(server, 'dev_b')
  await other.pullAll()
  await other.answer('PAX-01', { value: 'pass' })
  await phone.answer('PAX-01', { value: 'fail' })
  await other.pushAll()
  await phone.pushAll()
  await phone.pullAll()
  const sheet = await sheetOf(phone)
  expect(sheet.answers['PAX-01']!.fields.value).toBe('pass')
  expect(sheet.answers['PAX-01']!.siblings.map((s) => s.fields)).toEqual([{ value: 'fail' }])
  expect(sheet.view.conflicts).toEqual(['PAX-01'])
  expect(await countWork(phone.db)).toEqual({ toSend: 0, photos: 0, attention: 1, quarantined: 0 })

  const [lost] = await phone.outbox()
  const draft = { kind: 'answer.set' as const, space: 'insp:42', entity: 'answer:tr/PAX-01', fields: { value: 'fail' }, resolves: [lost!.op] }
  await recordOps(phone.db, [draft])
  await dismissSettled(phone.db, [lost!.op])
  expect((await sheetOf(phone)).answers['PAX-01']!.siblings).toEqual([]) // at once, before the server has answered
  await phone.pushAll()
  await phone.pullAll()
  await other.pullAll()
  expect((await other.row('answer:tr/PAX-01'))!).toMatchObject({ fields: { value: 'fail' }, siblings: [] })
  expect((await countWork(phone.db)).attention).toBe(0)
})

test('a late edit that met the lock is kept with both values until it was seen [I27 × F34]', async () => {
  const { server, phone } = await connected()
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass' }, heads: { value: 'x' } })
  const sheet = server.find('insp:42', 'sheet:tr')!
  server.write('insp:42', { ...sheet, fields: { ...sheet.fields, state: 'entered', entered: { by: { id: 9, name: '王五' }, op: 'o', at: '2026-03-04T01:00:00Z', version: 1 } } })
  await phone.answer('PAX-01', { value: 'fail', note: '未悬挂' })
  await phone.pushAll()
  expect((await phone.outbox())[0]!.result?.status).toBe('rejected_locked')
  await phone.pullAll()
  expect((await sheetOf(phone)).answers['PAX-01']!.fields.value).toBe('pass')
  const [matter] = (await readQueue(phone.db)).matters
  expect(matter).toMatchObject({ kind: 'rejected_locked', firm: '阳城县顺达客运有限公司' })
  expect(matter!.entries[0]!.body.fields).toEqual({ value: 'fail', note: '未悬挂' })
  expect(matter!.proposal).toMatchObject({ current: { value: 'pass' }, state: 'draft' })
  expect(await pruneOutbox(phone.db)).toBe(0)
  await dismissSettled(phone.db, [(await phone.outbox())[0]!.op])
  await phone.takeReceipt()
  expect(await pruneOutbox(phone.db)).toBe(1)
  expect((await readQueue(phone.db)).drafts.length).toBe(1) // the draft itself stays in sight
})

test('a dismissed refusal is kept until its proposal came by pull', async () => {
  const { server, phone } = await connected()
  const sheet = server.find('insp:42', 'sheet:tr')!
  server.write('insp:42', { ...sheet, fields: { ...sheet.fields, state: 'entered', entered: { by: { id: 9, name: '王五' }, op: 'o', at: '', version: 1 } } })
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.pushAll()
  await dismissSettled(phone.db, [(await phone.outbox())[0]!.op])
  await phone.takeReceipt()
  expect(await pruneOutbox(phone.db)).toBe(0)
  await phone.pullAll()
  expect(await pruneOutbox(phone.db)).toBe(1)
})

test('a submitted sheet says so only as far as this phone knows', async () => {
  const { phone } = await connected()
  await recordOps(phone.db, [{ kind: 'sheet.submit', space: 'insp:42', entity: 'sheet:tr', fields: { ended_on: '2026-03-04' } }])
  expect((await sheetOf(phone)).state).toBe('submitting')
  await phone.pushAll()
  await phone.pullAll()
  expect((await sheetOf(phone)).state).toBe('submitted')
})

test('entering is never called entered before the server said so', async () => {
  const { server, phone } = await connected()
  const sheet = server.find('insp:42', 'sheet:tr')!
  server.write('insp:42', { ...sheet, fields: { ...sheet.fields, state: 'accepted' } })
  await phone.pullAll()
  const { buildEntry } = await import('@/sync/entering')
  await recordOps(phone.db, [buildEntry('insp:42', 'tr', await phone.db.getAll('rows'), { 'PAX-01': 1, 'PAX-03': 1 })])
  expect((await sheetOf(phone)).state).toBe('entering')
  await phone.pushAll()
  expect((await sheetOf(phone)).state).toBe('entering')
  await phone.pullAll()
  expect((await sheetOf(phone)).state).toBe('entered')
})

test('an answer lost in two fields is settled once, and nothing of it comes back', async () => {
  const { server, phone } = await connected()
  const other = await makePhone(server, 'dev_b')
  await other.pullAll()
  await other.answer('PAX-01', { value: 'pass' })
  await other.answer('PAX-01', { note: '有效' })
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.answer('PAX-01', { note: '转借' })
  await other.pushAll()
  await phone.pushAll()
  await phone.pullAll()
  const lost = (await phone.outbox()).map((entry) => entry.op)
  const fields = { value: 'pass', note: '有效' }
  await recordOps(phone.db, [{ kind: 'answer.set', space: 'insp:42', entity: 'answer:tr/PAX-01', fields, resolves: lost }])
  await dismissSettled(phone.db, lost)
  await phone.pushAll()
  await phone.pullAll()
  expect((await countWork(phone.db)).attention).toBe(0)
  expect((await readQueue(phone.db)).matters).toEqual([])
})

test('all that met a colleague in one answer is one matter with every field of it; a photo that met its removal is another', async () => {
  const { server, phone } = await connected()
  const other = await makePhone(server, 'dev_b')
  await other.pullAll()
  await other.answer('PAX-01', { value: 'pass' })
  await other.answer('PAX-01', { note: '有效' })
  await phone.answer('PAX-01', { value: 'fail' })
  await phone.answer('PAX-01', { note: '转借' })
  await other.pushAll()
  await phone.pushAll()
  const photo = { sha256: 'c'.repeat(64), bytes: 3, mime: 'image/jpeg', width: 1, height: 1, manifest: {} }
  const [attached] = await recordOps(phone.db, [{ kind: 'photo.attach', space: 'insp:42', entity: 'answer:tr/PAX-01', photo }])
  await phone.db.put('outbox', { ...attached!, result: { op: attached!.op, status: 'conflict' } })

  const { matters } = await readQueue(phone.db)
  expect(matters.map((one) => one.entries.map((entry) => entry.seq))).toEqual([[1, 2], [3]])
  expect(matters[0]!.fields).toEqual({ value: 'fail', note: '转借' })
  expect((await countWork(phone.db)).attention).toBe(2)

  await dismissSettled(phone.db, matters[0]!.entries.map((entry) => entry.op))
  await phone.answer('PAX-01', { note: '再改' })
  const left = await phone.outbox()
  await phone.db.put('outbox', { ...left[3]!, result: { op: left[3]!.op, status: 'conflict' } }) // lost after the others were seen
  expect((await readQueue(phone.db)).matters.map((one) => one.entries.map((entry) => entry.seq))).toEqual([[3], [4]])
  expect((await countWork(phone.db)).attention).toBe(2)
})

test('an officer who made neither version sees both and may settle it; another department does not see it [I8 I27 × F36]', async () => {
  const { server, phone } = await connected()
  const sibling = { op: 'op-b', author: { id: 11, name: '赵六' }, at: '2026-03-04T09:00:00+08:00', fields: { value: 'fail' } }
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass' }, heads: { value: 'op-a' }, siblings: [sibling] })
  server.write('insp:42', { t: 'answer', id: 'answer:mr/PAX-09', fields: { value: 'pass' }, heads: {}, siblings: [sibling] })
  await phone.pullAll()
  expect((await sheetOf(phone)).answers['PAX-01']!.siblings).toEqual([sibling])
  expect((await countWork(phone.db)).attention).toBe(1)
  expect((await readQueue(phone.db)).matters.map((one) => one.entity)).toEqual(['answer:tr/PAX-01'])
})

test('a conflict that comes after submitting is still shown, and bars entering with the item named [I8 I27 × F36]', async () => {
  const { server, phone } = await connected()
  const sheet = server.find('insp:42', 'sheet:tr')!
  server.write('insp:42', { ...sheet, fields: { ...sheet.fields, state: 'accepted', ended_on: '2026-03-04' } })
  const sibling = { op: 'op-b', author: { id: 11, name: '赵六' }, at: '2026-03-04T09:00:00+08:00', fields: { value: 'fail' } }
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass' }, heads: { value: 'op-a' }, siblings: [sibling] })
  await phone.pullAll()
  const shown = await sheetOf(phone)
  const missing = listMissingForEntry(shown.view, shown.dates, { results: { 'PAX-01': 1, 'PAX-03': 1 }, isAccepted: true, isEnded: true, unsent: 0 })
  expect(missing.filter((one) => one.code === 'entry.conflict').map((one) => one.item)).toEqual(['PAX-01'])
})

test('a corrected answer shows what holds now, with what was entered before it, version by version [I3 I11 × F34]', async () => {
  const { server, phone } = await connected()
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass', note: '旧' }, heads: { value: 'x' } })
  const version = (n: number, old: string, now: string) => ({
    t: 'version', id: `version:tr/${n}`,
    fields: {
      sheet: 'tr', version: n, changes: [{ entity: 'answer:tr/PAX-01', field: 'value', old, new: now }], reason: '误填',
      proposed_by: { id: 8, name: '张三' }, approved_by: { id: 12, name: '钱七' }, approved_at: '2026-03-06T01:00:00Z', op: `op-${n}`,
    },
  })
  server.write('insp:42', version(3, 'fail', 'na'))
  server.write('insp:42', version(2, 'pass', 'fail'))
  await phone.pullAll()
  const answer = (await sheetOf(phone)).answers['PAX-01']!
  expect(answer.fields).toEqual({ value: 'na', note: '旧' })
  expect(answer.corrected.map((one) => [one.version, one.old, one.now, one.approvedBy])).toEqual([[2, 'pass', 'fail', '钱七'], [3, 'fail', 'na', '钱七']])
  expect(answer.row!.fields.value).toBe('pass') // the locked row itself stays
})

test('versions show whose they are, only what differs, and what each would leave', async () => {
  const sibling = (op: string, id: number, at: string, fields: object) => ({ op, author: { id, name: `人${id}` }, at, fields: fields as never })
  const siblings = [
    sibling('o2', 9, '2026-03-04T10:01:00+08:00', { note: '前照灯不亮', by_rest: null }),
    sibling('o1', 9, '2026-03-04T10:00:00+08:00', { value: 'fail', by_rest: null }),
  ]
  const written = { by: { id: 8, name: '张三' }, at: '2026-03-04T09:00:00+08:00', device: '红米' }
  const row = { heads: { value: 'h1', note: null }, writers: { h1: written, o2: { ...written, by: { id: 9, name: '人9' }, device: '荣耀' } } } as never
  const { differing, versions } = listVersions({ value: 'pass', note: null }, siblings, row)
  expect(differing).toEqual(['value', 'note']) // by_rest is the same in both
  expect(versions.map((one) => [one.id, one.writer?.by.id, one.writer?.device])).toEqual([[0, 8, '红米'], [9, 9, '荣耀']])
  expect(versions[1]!.fields).toEqual({ value: 'fail', note: '前照灯不亮', by_rest: null })
  expect(listVersions({}, siblings, undefined).versions[0]!.writer).toBe(null) // a server that does not say
})

test('a choice made without a network is no longer asked for, and can be made anew until the server has it', async () => {
  const { server, phone } = await connected()
  const sibling = { op: 'o9', author: { id: 9, name: '王五' }, at: '2026-03-04T10:00:00+08:00', fields: { value: 'fail' } }
  server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-01', fields: { value: 'pass' }, heads: { value: 'x' }, siblings: [sibling] })
  await phone.pullAll()
  expect((await countWork(phone.db)).attention).toBe(1)
  const choose = (value: string) =>
    recordOps(phone.db, [{ kind: 'answer.set', space: 'insp:42', entity: 'answer:tr/PAX-01', fields: { value }, resolves: ['o9'] }])
  await choose('fail')
  expect((await countWork(phone.db)).attention).toBe(0)
  expect((await readQueue(phone.db)).matters).toEqual([])
  expect((await sheetOf(phone)).answers['PAX-01']).toMatchObject({ fields: { value: 'fail' }, siblings: [], chosen: [sibling] })
  await choose('pass')
  expect((await sheetOf(phone)).answers['PAX-01']!.fields.value).toBe('pass')
  await phone.pushAll()
  await phone.pullAll()
  expect((await phone.row('answer:tr/PAX-01'))!).toMatchObject({ fields: { value: 'pass' }, siblings: [] })
  expect((await sheetOf(phone)).answers['PAX-01']!.chosen).toEqual([])
})

test('a photo that met its removal, or the other way round, is told in words of its own', async () => {
  const { phone } = await connected()
  const photo = { sha256: 'c'.repeat(64), bytes: 3, mime: 'image/jpeg', width: 1, height: 1, manifest: {} }
  const [attached] = await recordOps(phone.db, [{ kind: 'photo.attach', space: 'insp:42', entity: 'answer:tr/PAX-01', photo }])
  const [removed] = await recordOps(phone.db, [{ kind: 'photo.remove', space: 'insp:42', entity: `photo:${photo.sha256}`, fields: { from: 'answer:tr/PAX-01' } }])
  for (const entry of [attached!, removed!]) await phone.db.put('outbox', { ...entry, result: { op: entry.op, status: 'conflict' } })
  const { matters } = await readQueue(phone.db)
  expect(matters.map((matter) => headingOf(matter, false, false))).toEqual(['queue.photo_gone', 'queue.photo_stays'])
})
