import { ref } from 'vue'
import { todayAtSite } from '@/domain/time'
import { writeDay, writeTime } from './dates'
import { zh, type Key } from './zh'

export type Locale = 'zh_CN' | 'en'
export type { Key }

/** English comes from the phone's own store when somebody wants it: the first screen does not wait for it. */
const CATALOGUES: Record<Locale, Record<Key, string>> = { zh_CN: zh, en: zh }
/** The server's locale names and the page's `lang`: one table. */
export const LANG: Record<Locale, string> = { zh_CN: 'zh-CN', en: 'en' }

export const locale = ref<Locale>('zh_CN')

/** Resolves when every text is in that language; a catalogue that cannot be read leaves the Chinese one. */
export async function setLocale(name: string | null | undefined): Promise<void> {
  if (name === 'en' && CATALOGUES.en === zh) CATALOGUES.en = (await import('./en').catch(() => null))?.en ?? zh
  locale.value = name === 'en' ? 'en' : 'zh_CN'
  if (typeof document === 'undefined') return
  document.documentElement.lang = LANG[locale.value]
  document.title = t('app.name')
}

/**
 * The text of a key in the person's language; `{name}` is filled from `params`. A key that is made of what a newer
 * server sent may have no text here: it is shown as it is, rather than no screen at all.
 */
export function t(key: Key, params: Record<string, string | number> = {}): string {
  return (CATALOGUES[locale.value][key] ?? key).replaceAll(/\{(\w+)\}/g, (all, name: string) =>
    name in params ? String(params[name]) : all,
  )
}

/** The text of a code that comes from the server or the loop; `fallback` when the catalogue has none. */
export function tCode(prefix: string, code: string, fallback: string, params: Record<string, string | number> = {}): string {
  const key = `${prefix}.${code}`
  return key in zh ? t(key as Key, params) : fallback
}

export function formatDate(day: string | null | undefined): string {
  return day ? writeDay(day.slice(0, 10), todayAtSite(), locale.value) : ''
}

export function formatTime(ms: number): string {
  return writeTime(new Date(ms), new Date(), locale.value)
}

export function formatBytes(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
