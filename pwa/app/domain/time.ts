/** `2026-03-04T16:40:02.113+08:00`: the phone's wall clock with its offset, the officer's own claim (§6). */
export function formatLocalTime(ms: number, offsetMinutes: number = -new Date(ms).getTimezoneOffset()): string {
  const local = new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, -1)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const size = Math.abs(offsetMinutes)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${local}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** The calendar day at the inspection site; counties of this product keep Beijing time. */
export function todayAtSite(ms: number = Date.now()): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)
}
