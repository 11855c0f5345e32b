import type { PairValue } from './checklists'

/** An exact number, so that Python's `Fraction` and the phone agree on every digit. `d` is positive. */
export interface Fraction {
  n: bigint
  d: bigint
}

/** The decimal form of the wire: no sign but minus, no leading zero, at most six places. */
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?$/

export function parseFraction(text: unknown): Fraction | null {
  if (typeof text !== 'string' || !DECIMAL.test(text)) return null
  const [whole = '0', places = ''] = text.split('.')
  return { n: BigInt(whole + places), d: 10n ** BigInt(places.length) }
}

/** What a person typed, as the wire wants it: full-width digits taken, blanks and leading zeros dropped. */
export function readTypedDecimal(text: string): string | null {
  const plain = text.normalize('NFKC').replaceAll(/\s/g, '').replace('。', '.')
  const found = /^(-?)0*(\d+)(\.\d+)?$/.exec(plain)
  if (!found) return null
  const decimal = `${found[1]}${found[2]}${(found[3] ?? '').replace(/\.?0+$/, '')}`
  return DECIMAL.test(decimal) ? decimal : null
}

/** A pair of counts as typed; null unless both are whole, within a million and no more failed than were checked. */
export function readTypedPair(checked: string, failed: string): PairValue | null {
  const [n, m] = [checked, failed].map((text) => readTypedDecimal(text) ?? '')
  if (!/^\d{1,7}$/.test(n!) || !/^\d{1,7}$/.test(m!)) return null
  const pair = { checked: Number(n), failed: Number(m) }
  return pair.failed > pair.checked || pair.checked > 1_000_000 ? null : pair
}

export function compareFractions(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function ceilFraction(a: Fraction): Fraction {
  const floor = a.n / a.d
  const isExact = floor * a.d === a.n
  return { n: isExact || a.n < 0n ? floor : floor + 1n, d: 1n }
}

export function calculate(sign: '+' | '-' | '*' | '/', a: Fraction, b: Fraction): Fraction | null {
  if (sign === '+') return { n: a.n * b.d + b.n * a.d, d: a.d * b.d }
  if (sign === '-') return { n: a.n * b.d - b.n * a.d, d: a.d * b.d }
  if (sign === '*') return { n: a.n * b.n, d: a.d * b.d }
  if (b.n === 0n) return null
  const turned = b.n < 0n ? { n: -b.d, d: -b.n } : { n: b.d, d: b.n }
  return { n: a.n * turned.n, d: a.d * turned.d }
}
