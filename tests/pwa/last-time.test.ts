import { expect, test } from 'vitest'
import { readInspection } from '@/storage/read'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'

test('what was found last time is here without a network, and a visit that was told nothing of it opens too', async () => {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  const read = async () => (await readInspection(phone.db, 'insp:42', '2026-03-04'))!
  expect([(await read()).fields.last, (await read()).sheets[0]!.past]).toEqual([undefined, null])

  const finding = { on: '2025-03-04', verdict: 'fail', result: 5, value: { checked: 5, failed: 1 }, note: '晋E12345' }
  server.write('insp:42', { t: 'past', id: 'past:tr', fields: { as_of: '2026-03-01', findings: { 'PAX-03': finding } } })
  await phone.pullAll()
  const sheet = (await read()).sheets[0]!
  expect(sheet.past?.findings).toEqual({ 'PAX-03': finding })
  expect([sheet.state, sheet.pending]).toEqual(['open', []])
})
