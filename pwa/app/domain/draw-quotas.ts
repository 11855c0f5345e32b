import { DrawRefused } from './draw-differences'

/** Lowest first. */
export const TIERS = ['low', 'normal', 'elevated', 'high'] as const
export type Tier = (typeof TIERS)[number]
export type Quotas = Record<Tier, number>
/** A plain decimal, or `whole`. Version 1 may lack tiers. */
export type Multipliers = Partial<Record<Tier, string>>

const DEFAULTS: Record<Tier, string> = { low: '0.5', normal: '1', elevated: '2', high: 'whole' }
const SMALLEST_SAMPLE = 3n
const DECIMAL = /^[0-9]{1,6}(\.[0-9]{1,6})?$/
/** Of hundredths of a percent and all six places there is a whole number. */
const UNIT = 1_000_000n

export function isDecimal(text: unknown): text is string {
  return typeof text === 'string' && DECIMAL.test(text)
}

/** `020.50` is `20.5`. */
export function plainDecimal(text: string): string {
  const [whole = '', places = ''] = text.split('.')
  const rest = places.replace(/0+$/, '')
  return whole.replace(/^0+(?=\d)/, '') + (rest ? `.${rest}` : '')
}

/** How many firms of each tier (docs/draw.md §5), in whole numbers throughout. Throws `DrawRefused`. */
export function drawQuotas(available: Quotas, percent: string, multipliers: Multipliers, atLeast: number): Quotas {
  const ratio = millionths(percent)
  if (ratio <= 0n || ratio > 100n * UNIT) throw new DrawRefused('sampling.percent')
  const factors = TIERS.map((tier) => multipliers[tier] ?? DEFAULTS[tier])
  for (let i = 1; i < factors.length; i += 1) if (isLess(factors[i]!, factors[i - 1]!)) throw new DrawRefused('sampling.multipliers')
  const total = TIERS.reduce((sum, tier) => sum + BigInt(available[tier]), 0n)
  const whole = 100n * UNIT
  const byRatio = total < SMALLEST_SAMPLE ? total : max(SMALLEST_SAMPLE, ceil(total * ratio, whole))
  const required = min(total, max(byRatio, BigInt(atLeast)))

  const quotas: Quotas = { low: 0, normal: 0, elevated: 0, high: 0 }
  let ceiling: [bigint, bigint] = [1n, 1n]
  let sum = 0n
  const fromTheTop = [...TIERS].reverse()
  for (const tier of fromTheTop) {
    const here = BigInt(available[tier])
    const factor = factors[TIERS.indexOf(tier)]!
    const share = factor === 'whole' ? whole * UNIT : min(whole * UNIT, ratio * millionths(factor))
    const taken = min(ceil(here * share, whole * UNIT), (here * ceiling[0]) / ceiling[1])
    if (here > 0n) ceiling = [taken, here]
    quotas[tier] = Number(taken)
    sum += taken
  }
  let missing = max(0n, required - sum)
  for (const tier of fromTheTop) {
    const added = min(missing, BigInt(available[tier] - quotas[tier]))
    quotas[tier] += Number(added)
    missing -= added
  }
  return quotas
}

function millionths(text: string): bigint {
  const [whole = '', places = ''] = text.split('.')
  return BigInt(whole + places.padEnd(6, '0'))
}

function isLess(a: string, b: string): boolean {
  if (a === 'whole') return false
  return b === 'whole' || millionths(a) < millionths(b)
}

function ceil(n: bigint, d: bigint): bigint {
  return (n + d - 1n) / d
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
