import { describe, expect, test } from 'vitest'
import { mayBeUnsigned, readFirmPart } from '@/domain/firm-part'
import { listMissingForEntry, listMissingForSubmit } from '@/domain/missing'
import type { SignatureFields } from '@/domain/records'
import { sign } from '@/domain/signing'
import { recordOps } from '@/storage/outbox'
import { readInspection } from '@/storage/read'
import { fetchMissingLists } from '@/sync/checklists'
import { showSheet, type SheetModel } from '@/sync/inspection-view'
import file from '../vectors/firm-part.json'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'

describe('firm-part.json', () => {
  test.each(file.cases)('$name', ({ was_returned, signatures, part, may_be_unsigned }) => {
    const told = signatures.map(({ fields, is_void }) => ({ ...(fields as SignatureFields), isVoid: is_void }))
    expect(readFirmPart(told)).toBe(part)
    expect(mayBeUnsigned(was_returned, told)).toBe(may_be_unsigned)
  })
})

test('returned and changed, the firm gone: told with a reason, two officers sign anew, and it can be handed in', async () => {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  await fetchMissingLists(phone.db, phone.net)
  const sheet = async () => (await readInspection(phone.db, 'insp:42', '2026-03-04'))!.sheets[0]!
  const codes = ({ view, dates }: SheetModel) => listMissingForSubmit(view, dates).map((one) => one.code)
  let n = 0
  const add = (kind: 'checkin.add' | 'signature.add', fields: object) => {
    const id = `${kind.slice(0, kind.indexOf('.'))}:0195aaaa-0000-7000-8000-${String((n += 1)).padStart(12, '0')}`
    return recordOps(phone.db, [{ kind, space: 'insp:42', entity: id, fields: { sheet: 'tr', ...fields } as never }])
  }
  const put = async (fields: Omit<SignatureFields, 'sheet' | 'signed' | 'refused' | 'strokes' | 'size' | 'name'>) => {
    const { space, code, answers, photos } = await sheet()
    await add('signature.add', { name: '陈经理', refused: false, strokes: [], size: [300, 120], signed: sign(showSheet(space, code, answers, photos)), ...fields })
  }
  const officersSign = async () => {
    for (const officer_id of [3, 4]) await put({ role: 'officer', officer_id })
  }
  for (const officer_id of [3, 4]) await add('checkin.add', { officer_id, place: null })
  await phone.answer('PAX-01', { value: 'pass' })
  await phone.answer('PAX-03', { value: { checked: 5, failed: 0 } })
  await officersSign()
  await put({ role: 'firm', relation: 'agent' })
  expect(codes(await sheet())).toEqual([])
  expect((await sheet()).mayBeUnsigned).toBe(false)
  await phone.pushAll()
  const row = server.find('insp:42', 'sheet:tr')!
  const told = { state: 'returned', return_reason: '与台账不符', returned: { by: { id: 1, name: '组长' }, at: '2026-03-04T08:00:00Z' } }
  server.write('insp:42', { ...row, fields: { ...row.fields, ...told } })
  await phone.pullAll()
  await phone.answer('PAX-03', { value: { checked: 6, failed: 0 } })
  const changed = await sheet()
  expect([changed.firmPart, changed.mayBeUnsigned, changed.view.signaturesVoid]).toEqual(['void', true, 3])
  await put({ role: 'unsigned', reason: '当事人已离开' })
  expect(codes(await sheet())).toEqual(['entry.signature_void'])
  const entry = { results: { 'PAX-01': 1, 'PAX-03': 1 }, isAccepted: true, isEnded: true, unsent: 0 }
  const half = await sheet()
  expect(listMissingForEntry(half.view, half.dates, entry)).toEqual([{ code: 'entry.signature_again', count: 0 }])
  await officersSign()
  const done = await sheet()
  expect([done.firmPart, codes(done), listMissingForEntry(done.view, done.dates, entry)]).toEqual(['unsigned', [], []])
  // Changed once more: it was told of other content.
  await phone.answer('PAX-01', { value: 'na' })
  const again = await sheet()
  expect([again.firmPart, again.view.signaturesVoid]).toEqual(['void', 3])
})
