import { describe, expect, test } from 'vitest'
import { readAttendance } from '@/domain/attendance'
import { listMissingForSubmit } from '@/domain/missing'
import type { CheckinFields } from '@/domain/records'
import { recordOps } from '@/storage/outbox'
import { readInspection } from '@/storage/read'
import file from '../vectors/attendance.json'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'

describe('attendance.json', () => {
  test.each(file.cases)('$name', ({ records, arrived, late, absent }) => {
    const found = readAttendance(records as unknown as CheckinFields[])
    expect([...found.arrived.keys()].sort()).toEqual(arrived)
    expect([...found.late].sort()).toEqual(late)
    expect(Object.fromEntries([...found.absent].map(([officer, one]) => [String(officer), one.reason]))).toEqual(absent)
  })
})

describe('on the phone', () => {
  const add = (fields: object, n: number) => ({ kind: 'checkin.add' as const, space: 'insp:42', entity: `checkin:0195aaaa-0000-7000-8000-00000000000${n}`, fields: fields as never })

  test('an absence never counts, before and after it was sent, and a later arrival takes its place', async () => {
    const server = new FakeServer()
    assignInspection(server)
    const phone = await makePhone(server)
    await phone.pullAll()
    const sheet = async () => (await readInspection(phone.db, 'insp:42', '2026-03-04'))!.sheets[0]!
    await recordOps(phone.db, [add({ sheet: 'tr', absent: 4, reason: 'leave' }, 1)])
    expect([(await sheet()).state, (await sheet()).view.officersPresent]).toEqual(['open', 0])
    await recordOps(phone.db, [add({ sheet: 'tr', officer_id: 3, place: null }, 2)])
    await phone.pushAll()
    await phone.pullAll()
    const before = await sheet()
    expect([before.view.officersPresent, [...before.attendance.absent.keys()]]).toEqual([1, [4]])
    expect(listMissingForSubmit(before.view, before.dates)[0]).toEqual({ code: 'entry.officers', count: 1 })
    await recordOps(phone.db, [add({ sheet: 'tr', officer_id: 4, place: null, late: true }, 3)])
    const after = await sheet()
    expect([after.view.officersPresent, after.attendance.absent.size, [...after.attendance.late]]).toEqual([2, 0, [4]])
    expect(after.attendance.arrived.get(4)!.at).not.toBe('')
  })
})
