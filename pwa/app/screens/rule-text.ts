import type { Item } from '@/domain/checklists'
import { t } from '@/i18n'

/** The pass rule in words. A rule without words of its own is shown as it is written. */
export function ruleText(item: Item): string {
  const pass = item.answer.pass ?? ''
  const unit = item.answer.unit ?? ''
  if (pass === '') return ''
  if (pass === '>=检查日期') return t('rule.not_before_inspection')
  if (pass === '<=检查日期') return t('rule.not_after_inspection')
  if (pass === '<=今天') return t('rule.not_after_today')
  if (pass === '不符数==0') return t('rule.none_failed')
  if (pass.includes('ceil(接入车辆数/100)')) return t('rule.monitors')
  const standard = /^>=(.+要求)$/.exec(pass)?.[1]
  if (standard) return t('rule.standard', { name: standard })
  const number = /^(>=|==)(\d+)$/.exec(pass)
  if (number) return t(number[1] === '>=' ? 'rule.at_least' : 'rule.exactly', { n: number[2]!, unit: unit === '%' ? unit : ` ${unit}`.trimEnd() })
  return pass
}
