import { parseFraction, type Fraction } from './fraction'

/**
 * What a number in a unit may be: things are counted whole, a share is never below nothing. Any other unit is a measure
 * of which nothing is known here (a level can be below zero). The same units as `domain/units.py`.
 */
export type NumberFault = 'not_a_count' | 'negative'

export const MAX_COUNT = 1_000_000
const COUNTED = new Set(
  '人 名 位 人次 户 家 个 件 单 份 张 本 册 项 条 次 起 例 宗 批 笔 处 座 间 块 套 组 支 根 台 部 架 辆 艘 辆次 车次 班 班次 趟'.split(' '),
)
const NEVER_NEGATIVE = new Set('% ％ ‰ 年 月 个月 周 日 天 小时 分钟 秒 元 万元'.split(' '))

/** Why a number makes no sense in its unit; `null` where it does, or is no number at all. */
export function findNumberFault(unit: string | null | undefined, decimal: string): NumberFault | null {
  const number = parseFraction(decimal)
  if (!number || !unit) return null
  if (COUNTED.has(unit)) return isCount(number) ? null : 'not_a_count'
  return NEVER_NEGATIVE.has(unit) && number.n < 0n ? 'negative' : null
}

/** The same of a quantity a rule asks for: 接入车辆数 is counted, too. */
export function findGivenFault(name: string, decimal: string): NumberFault | null {
  return findNumberFault(name.endsWith('数') ? '个' : null, decimal)
}

function isCount({ n, d }: Fraction): boolean {
  return n % d === 0n && n >= 0n && n <= BigInt(MAX_COUNT) * d
}
