import type { AnswerValue, NumberValue, PairValue } from '@/domain/checklists'
import { t, tCode, formatDate } from '@/i18n'

/** An answer's value in words, for versions side by side. */
export function valueText(value: AnswerValue | undefined): string {
  if (value === null || value === undefined || value === '') return t('item.empty_value')
  if (value === 'pass' || value === 'fail' || value === 'na') return t(`item.${value}`)
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d$/.test(value) ? formatDate(value) : value
  if ('checked' in (value as object)) {
    const { checked, failed } = value as PairValue
    return `${t('item.checked')} ${checked}${t('sep.comma')}${t('item.failed')} ${failed}`
  }
  const { number, given } = value as NumberValue
  return [number, ...Object.entries(given ?? {}).map(([name, n]) => `${name} ${n}`)].join(t('sep.comma'))
}

/** All fields of a version in words: value, own judgement, note. */
export function fieldsText(source: object): string[] {
  const fields = source as Record<string, unknown>
  const lines: string[] = []
  if ('value' in fields) lines.push(valueText(fields.value as AnswerValue))
  if (fields.outcome) lines.push(tCode('outcome', String(fields.outcome), String(fields.outcome)))
  if (fields.by_rest) lines.push(t('item.by_rest'))
  if (fields.verdict) lines.push(t(`item.${fields.verdict as 'pass' | 'fail' | 'na'}`))
  if ('note' in fields) lines.push(`${t('item.note')}${t('sep.colon')}${fields.note ? String(fields.note) : t('item.empty_value')}`)
  return lines.length > 0 ? lines : [t('item.empty_value')]
}
