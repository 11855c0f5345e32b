import { expect, test } from 'vitest'
import { ageInMinutes, byUrgency, isLeadDay, type DaySheet, type LeadDay } from '@/domain/lead-day'
import { findDay } from '@/storage/lead-day'
import { readDay, readDayIfOld } from '@/sync/lead-day'
import { FakeServer } from './fake-server'
import { makePhone } from './phone'

const SHEET: DaySheet = {
  inspection: 1, sheet: 'tr', number: '2026-0001', firm: '甲公司', department: '交通运输局', state: 'open', done: 0, total: 3, conflicts: 0, holders: [], findings: [],
}
const finding = (severity: string) => ({ item: 'PAX-01', severity, text: '检查项', answer: '不合格', note: '', photos: 2 })
const DAY: LeadDay = { person: 8, day: '2026-03-04', made_at: '2026-03-04T06:05:00.000Z', counts: { planned: 1 }, sheets: [SHEET] }
const answer = (body: unknown, status = 200) => () =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

async function phoneWithDay() {
  const server = new FakeServer()
  const phone = await makePhone(server)
  server.faults.push(answer(DAY))
  const read = await readDay(phone.db, phone.net, 8)
  return { server, phone, read }
}

test('what the server told is kept with the time, and stands where there is no network', async () => {
  const { server, phone, read } = await phoneWithDay()
  expect(read).toEqual({ kept: { at: phone.clock, day: DAY }, isFresh: true })
  const then = phone.clock
  phone.clock += 125 * 60_000
  for (const fault of ['lost-request', 'portal', 'not-json', 503] as const) {
    server.faults.push(fault)
    expect(await readDay(phone.db, phone.net, 8)).toEqual({ kept: { at: then, day: DAY }, isFresh: false })
  }
  expect(ageInMinutes(then, phone.clock)).toBe(125)
  expect(server.requests.every((one) => one.method === 'GET' && one.path === '/api/v1/day')).toBe(true)
})

test('another person’s answer and one of another shape replace nothing', async () => {
  const { server, phone } = await phoneWithDay()
  for (const body of [{ ...DAY, person: 9 }, { ...DAY, sheets: [{}] }, { day: '2026-03-05' }, null]) {
    server.faults.push(answer(body))
    expect((await readDay(phone.db, phone.net, 8)).isFresh).toBe(false)
    expect((await findDay(phone.db))?.day).toEqual(DAY)
  }
})

test('who may see no day any more keeps none; an ended sign-in keeps it', async () => {
  const { server, phone } = await phoneWithDay()
  server.faults.push(answer({ error: { code: 'session.required', message: '', details: {} } }, 401))
  expect((await readDay(phone.db, phone.net, 8)).kept?.day).toEqual(DAY)
  server.faults.push(answer({ error: { code: 'access.denied', message: '', details: {} } }, 403))
  expect((await readDay(phone.db, phone.net, 8)).kept).toBeNull()
})

test('a clock that went back makes nothing younger than new', () => {
  expect(ageInMinutes(1_000_000, 0)).toBe(0)
})

test('what waits for the lead comes first, then the most severe', () => {
  const sheets = [
    { ...SHEET, number: '4' },
    { ...SHEET, number: '3', findings: [finding('minor')] },
    { ...SHEET, number: '2', findings: [finding('minor'), finding('critical')] },
    { ...SHEET, number: '1', state: 'submitted' },
    { ...SHEET, number: '0', state: 'submitted', findings: [finding('major')] },
  ]
  expect(sheets.sort(byUrgency).map((one) => one.number)).toEqual(['0', '1', '2', '3', '4'])
  expect(isLeadDay(DAY)).toBe(true)
})

test('the list asks again once what is kept is ten minutes old', async () => {
  const { server, phone } = await phoneWithDay()
  phone.clock += 9 * 60_000
  await readDayIfOld(phone.db, phone.net, 8)
  expect(server.requests).toHaveLength(1)
  phone.clock += 2 * 60_000
  server.faults.push(answer({ ...DAY, counts: { planned: 2 } }))
  await readDayIfOld(phone.db, phone.net, 8)
  expect((await findDay(phone.db))?.day.counts.planned).toBe(2)
})
