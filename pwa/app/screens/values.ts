import type { AnswerFields, AnswerValue, Item, NumberValue, PairValue } from '@/domain/checklists'
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

/** One field of a version: its name and what it says, both in words. */
export function fieldText(name: string, value: unknown): { label: string; text: string } {
  const text = value === null || value === undefined || value === '' ? t('item.empty_value') : String(value)
  switch (name) {
    case 'value':
      return { label: t('item.value'), text: valueText(value as AnswerValue) }
    case 'verdict':
      return { label: t('item.judge'), text: tCode('item', String(value), text) }
    case 'outcome':
      return { label: t('outcome.title'), text: tCode('outcome', String(value), text) }
    case 'by_rest':
      return { label: t('item.judge'), text: t(value ? 'item.by_rest' : 'item.judged_alone') }
    default:
      return { label: tCode('item', name, name), text }
  }
}

/** What stands beside the verdict on the on-site record, in the form in which it prints: units, days with their year. */
export function recordWords(item: Item, fields: AnswerFields, photos: number): string[] {
  const { value, ...others } = fields
  const said = Object.fromEntries(Object.entries(others).filter(([, one]) => one !== null))
  const words = Object.keys(said).length > 0 ? fieldsText(said) : []
  if (value === null || value === undefined) return words.length + photos > 0 ? words : [t('item.empty_value')]
  return item.answer.type === 'judge' ? words : [printedValue(item, value), ...words]
}

function printedValue(item: Item, value: NonNullable<AnswerValue>): string {
  if (typeof value === 'string') return value
  if ('checked' in value) {
    const [checked, failed] = item.answer.labels ?? [t('item.checked'), t('item.failed')]
    return `${checked} ${value.checked}${t('sep.list')}${failed} ${value.failed}`
  }
  const given = Object.entries(value.given ?? {}).map(([name, n]) => `${name} ${n}`)
  return `${value.number}${item.answer.unit ?? ''}${given.length > 0 ? t('sep.note', { text: given.join(t('sep.list')) }) : ''}`
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
