import { calculate, ceilFraction, compareFractions, parseFraction, type Fraction } from './fraction'

/**
 * The pass rules of checklist items, read without `eval`: the same grammar as `domain/rule_text.py`.
 *   [不符数] (>= <= == > <) bound; bound = 今天 | 检查日期 | …要求 | sums of products of numbers, names,
 *   max(…), min(…), ceil(…). A name is a quantity the officer gives; …要求 nobody can compute.
 */
export type Comparison = '>=' | '<=' | '==' | '>' | '<'
type Expression =
  | { kind: 'number'; value: Fraction }
  | { kind: 'given'; name: string }
  | { kind: 'call'; function: 'max' | 'min' | 'ceil' | '+' | '-' | '*' | '/'; args: Expression[] }
type Bound = Expression | { kind: 'day'; name: '今天' | '检查日期' } | { kind: 'standard'; name: string }

export interface Rule {
  isAboutFailed: boolean
  comparison: Comparison
  bound: Bound
  /** Quantities the officer must give, in reading order. */
  names: string[]
}

const WHOLE = /^(不符数)?(>=|<=|==|>|<)(.+)$/
const TOKEN = /([0-9]+(?:\.[0-9]+)?)|(max|min|ceil)(?=\()|([一-鿿]+)|([-+*/(),])/y

/** `null` when the text is not a rule. */
export function parseRule(text: string): Rule | null {
  const found = WHOLE.exec(text.replaceAll(/\s+/g, ''))
  if (!found) return null
  const [, subject, comparison, boundText] = found as unknown as [string, string?, Comparison?, string?]
  const bound = parseBound(boundText!)
  if (!bound) return null
  const names = bound.kind === 'day' || bound.kind === 'standard' ? [] : listNames(bound)
  return { isAboutFailed: subject !== undefined, comparison: comparison!, bound, names: [...new Set(names)] }
}

function parseBound(text: string): Bound | null {
  if (text === '今天' || text === '检查日期') return { kind: 'day', name: text }
  if (/^[一-鿿]+要求$/.test(text)) return { kind: 'standard', name: text }
  try {
    return new Reader(text).readAll()
  } catch {
    return null
  }
}

function listNames(e: Expression): string[] {
  if (e.kind === 'given') return [e.name]
  return e.kind === 'call' ? e.args.flatMap(listNames) : []
}

/** Whether a number passes; `null` when the rule cannot be computed (a standard, a quantity not given). */
export function holdsNumber(rule: Rule, value: Fraction, given: Record<string, string>): boolean | null {
  if (rule.bound.kind === 'day' || rule.bound.kind === 'standard') return null
  const bound = evaluate(rule.bound, given)
  return bound === null ? null : isOrder(rule.comparison, compareFractions(value, bound))
}

/** Whether a day passes; `null` when the day it is compared with is not known yet. */
export function holdsDate(rule: Rule, value: string, inspectedOn: string | null, today: string): boolean | null {
  if (rule.bound.kind !== 'day') return null
  const bound = rule.bound.name === '今天' ? today : inspectedOn
  return bound === null ? null : isOrder(rule.comparison, value < bound ? -1 : value > bound ? 1 : 0)
}

function isOrder(comparison: Comparison, order: number): boolean {
  switch (comparison) {
    case '>=':
      return order >= 0
    case '<=':
      return order <= 0
    case '==':
      return order === 0
    case '>':
      return order > 0
    case '<':
      return order < 0
  }
}

function evaluate(e: Expression, given: Record<string, string>): Fraction | null {
  if (e.kind === 'number') return e.value
  if (e.kind === 'given') return parseFraction(given[e.name])
  const values: Fraction[] = []
  for (const argument of e.args) {
    const value = evaluate(argument, given)
    if (value === null) return null
    values.push(value)
  }
  if (e.function === 'ceil') return ceilFraction(values[0]!)
  if (e.function === 'max') return values.reduce((a, b) => (compareFractions(a, b) >= 0 ? a : b))
  if (e.function === 'min') return values.reduce((a, b) => (compareFractions(a, b) <= 0 ? a : b))
  return calculate(e.function, values[0]!, values[1]!)
}

/** Recursive descent over the pieces of one bound; throws on anything unexpected. */
class Reader {
  private readonly pieces: string[] = []

  constructor(text: string) {
    TOKEN.lastIndex = 0
    while (TOKEN.lastIndex < text.length) {
      const found = TOKEN.exec(text)
      if (!found) throw new SyntaxError(text)
      this.pieces.push(found[0])
    }
  }

  readAll(): Expression {
    const e = this.sum()
    if (this.pieces.length > 0) throw new SyntaxError(this.pieces.join(''))
    return e
  }

  private sum(): Expression {
    let left = this.product()
    while (this.pieces[0] === '+' || this.pieces[0] === '-') {
      left = { kind: 'call', function: this.take() as '+' | '-', args: [left, this.product()] }
    }
    return left
  }

  private product(): Expression {
    let left = this.atom()
    while (this.pieces[0] === '*' || this.pieces[0] === '/') {
      left = { kind: 'call', function: this.take() as '*' | '/', args: [left, this.atom()] }
    }
    return left
  }

  private atom(): Expression {
    const piece = this.take()
    if (piece === 'max' || piece === 'min' || piece === 'ceil') return this.call(piece)
    if (piece === '(') {
      const inside = this.sum()
      this.expect(')')
      return inside
    }
    const number = parseFraction(piece)
    if (number) return { kind: 'number', value: number }
    if (/^[一-鿿]/.test(piece)) return { kind: 'given', name: piece }
    throw new SyntaxError(piece)
  }

  private call(name: 'max' | 'min' | 'ceil'): Expression {
    this.expect('(')
    const args = [this.sum()]
    while (this.pieces[0] === ',') {
      this.take()
      args.push(this.sum())
    }
    this.expect(')')
    if (name === 'ceil' && args.length !== 1) throw new SyntaxError(name)
    return { kind: 'call', function: name, args }
  }

  private take(): string {
    const piece = this.pieces.shift()
    if (piece === undefined) throw new SyntaxError('end')
    return piece
  }

  private expect(piece: string): void {
    if (this.take() !== piece) throw new SyntaxError(piece)
  }
}
