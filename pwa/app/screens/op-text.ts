import { t, tCode, type Key } from '@/i18n'
import type { Op } from '@/sync/operation'
import { linkTo } from './router'

/** What an operation does, in words: 填写 PAX-03. */
export function opTitle(op: Op): string {
  const entity = op.kind === 'photo.remove' ? String(op.fields.from ?? '') : op.entity
  const item = entity.split('/')[1] ?? ''
  if (op.kind === 'checkin.add' && 'absent' in op.fields) return t('op.absence')
  if (op.kind === 'signature.add' && op.fields.role === 'unsigned') return t('op.unsigned')
  const who = typeof op.fields.name === 'string' ? op.fields.name : ''
  return tCode('op', op.kind, op.kind, { what: item || who }).trim()
}

/** The results of an entry, in words, those with a problem first and by name. */
export function resultLines(fields: Record<string, unknown>): string[] {
  const results = Object.entries((fields.results ?? {}) as Record<string, number>)
  const failing = results.filter(([, code]) => code !== 1)
  const lines = failing.map(([item, code]) => `${item}${t('sep.colon')}${t(`result.${code}` as Key)}`)
  return lines.length > 0 ? lines : results.length > 0 ? [t('result.1')] : []
}

/** Where a matter can be looked at. */
export function placeLink(space: string, entity: string): string {
  const inspection = space.slice('insp:'.length)
  const found = /^answer:([^/]+)\/(.+)$/.exec(entity)
  if (found) return `${linkTo(inspection, found[1]!, 'at')}?item=${encodeURIComponent(found[2]!)}`
  return linkTo(inspection)
}
