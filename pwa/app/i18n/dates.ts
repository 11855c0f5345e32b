import type { Locale } from './index'

// By hand, as `Intl` would write them: to start it takes an old phone a third of a second, before the list is there.
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const DAYS = { zh_CN: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'], en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] }

/** `2026-03-04` as 3月4日周三 or "Wed, March 4"; with its year where that is not the one of `today`. */
export function writeDay(day: string, today: string, locale: Locale): string {
  const [year = NaN, month = NaN, date = NaN] = day.split('-').map(Number)
  const weekday = DAYS[locale][new Date(Date.UTC(year, month - 1, date)).getUTCDay()]
  if (weekday === undefined) return day // not a day: better read as it came than not at all
  const isThisYear = day.slice(0, 4) === today.slice(0, 4)
  if (locale === 'en') return `${weekday}, ${MONTHS[month - 1]} ${date}${isThisYear ? '' : `, ${year}`}`
  return `${isThisYear ? '' : `${year}年`}${month}月${date}日${weekday}`
}

/** On the phone's own clock: 09:05, of another day 3/4 09:05. */
export function writeTime(at: Date, now: Date, locale: Locale): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  if (at.toDateString() === now.toDateString()) return time
  return `${at.getMonth() + 1}/${at.getDate()}${locale === 'en' ? ',' : ''} ${time}`
}
