import { expect, test } from 'vitest'
import { recordOps } from '@/storage/outbox'
import { readInspection } from '@/storage/read'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone, type Phone } from './phone'

const sheetOf = async (phone: Phone) => (await readInspection(phone.db, 'insp:42', '2026-03-04'))!.sheets[0]!

test("the lead's comments stand at their items until the sheet is submitted again, also without a network", async () => {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  expect((await sheetOf(phone)).comments).toEqual({}) // a server that does not send them yet
  const sheet = server.find('insp:42', 'sheet:tr')!
  const told = { state: 'returned', return_reason: '请补照片', return_comments: { 'PAX-03': '未见证件照片' } }
  server.write('insp:42', { ...sheet, fields: { ...sheet.fields, ...told } })
  await phone.pullAll()
  expect(await sheetOf(phone)).toMatchObject({ state: 'returned', comments: { 'PAX-03': '未见证件照片' } })
  await recordOps(phone.db, [{ kind: 'sheet.submit', space: 'insp:42', entity: 'sheet:tr', fields: { ended_on: '2026-03-04' } }])
  const submitted = await sheetOf(phone)
  expect([submitted.state, submitted.comments]).toEqual(['submitting', {}])
})
