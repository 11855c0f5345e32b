import { ref } from 'vue'
import { en } from './en'
import { zh, type Key } from './zh'

export type Locale = 'zh_CN' | 'en'
export type { Key }

const CATALOGUES: Record<Locale, Record<Key, string>> = { zh_CN: zh, en }
/** The server's locale names and the page's `lang`: one table. */
const LANG: Record<Locale, string> = { zh_CN: 'zh-CN', en: 'en' }

export const locale = ref<Locale>('zh_CN')

export function setLocale(name: string | null | undefined): void {
  locale.value = name === 'en' ? 'en' : 'zh_CN'
  if (typeof document === 'undefined') return
  document.documentElement.lang = LANG[locale.value]
  document.title = t('app.name')
}

/** The text of a key in the person's language; `{name}` is filled from `params`. */
export function t(key: Key, params: Record<string, string | number> = {}): string {
  return CATALOGUES[locale.value][key].replaceAll(/\{(\w+)\}/g, (all, name: string) =>
    name in params ? String(params[name]) : all,
  )
}

/** The text of a code that comes from the server or the loop; `fallback` when the catalogue has none. */
export function tCode(prefix: string, code: string, fallback: string, params: Record<string, string | number> = {}): string {
  const key = `${prefix}.${code}`
  return key in zh ? t(key as Key, params) : fallback
}

export function formatDate(day: string | null | undefined): string {
  if (!day) return ''
  const date = new Date(`${day.slice(0, 10)}T00:00:00+08:00`)
  const options: Intl.DateTimeFormatOptions = { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric', weekday: 'short' }
  if (day.slice(0, 4) !== new Date().toISOString().slice(0, 4)) options.year = 'numeric'
  return new Intl.DateTimeFormat(LANG[locale.value], options).format(date)
}

export function formatTime(ms: number): string {
  const isToday = new Date(ms).toDateString() === new Date().toDateString()
  return new Intl.DateTimeFormat(LANG[locale.value], {
    ...(isToday ? {} : { month: 'numeric', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(ms)
}

export function formatBytes(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
