import { expect, test } from 'vitest'
import { writeDay, writeTime } from '@/i18n/dates'

const LOCALES = [['zh_CN', 'zh-CN'], ['en', 'en']] as const

test.each(LOCALES)('days are written as the browser itself writes them, in %s', (locale, lang) => {
  const here = new Intl.DateTimeFormat(lang, { timeZone: 'UTC', month: 'long', day: 'numeric', weekday: 'short' })
  const elsewhere = new Intl.DateTimeFormat(lang, { timeZone: 'UTC', month: 'long', day: 'numeric', weekday: 'short', year: 'numeric' })
  for (let n = 0; n < 800; n += 1) {
    const at = new Date(Date.UTC(2026, 0, 1 + n))
    const day = at.toISOString().slice(0, 10)
    expect(writeDay(day, '2026-11-30', locale)).toBe((day.startsWith('2026') ? here : elsewhere).format(at))
  }
})

test.each(LOCALES)('times are written as the browser itself writes them, in %s', (locale, lang) => {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const now = new Date(2026, 2, 4, 12, 0)
  for (let minutes = 0; minutes < 3_000; minutes += 7) {
    const at = new Date(now.getTime() - minutes * 60_000)
    const isToday = at.toDateString() === now.toDateString()
    const wanted = new Intl.DateTimeFormat(lang, { ...time, ...(isToday ? {} : { month: 'numeric', day: 'numeric' }) }).format(at)
    expect(writeTime(at, now, locale)).toBe(wanted)
  }
})

test('what is not a day is shown as it came', () => {
  expect(writeDay('soon', '2026-11-30', 'zh_CN')).toBe('soon')
})
