import { compareCodePoints } from './canonical'
import { difference, has, isObject, shown, type Difference, type Json, type JsonObject } from './draw-differences'
import { V1, type Pool, type PoolFirm, type PoolOfficer, type Rules } from './draw-pool'
import { isDecimal, TIERS, type Multipliers, type Tier } from './draw-quotas'

const MAX_NUMBER = 999_999_999
/** With the flag u a whole pair is one character and does not match. */
const HALF_PAIR = /[\ud800-\udfff]/u

/** Reads a record strictly, in the order of docs/draw.md §8.3; what has another shape is gathered in `faults`. */
export class DrawReader {
  readonly faults: Difference[] = []
  private readonly isFirst: boolean

  constructor(private readonly algorithm: string) {
    this.isFirst = algorithm === V1
  }

  /** In version 2 composed; a text that was not composed shows when the record is compared. */
  text(value: Json | undefined, path: string): string {
    if (typeof value === 'string' && !HALF_PAIR.test(value)) return this.isFirst ? value : value.normalize('NFC')
    return this.wrong(value, path, 'text', '')
  }

  pool(value: Json): Pool {
    const known = this.object(value, 'pool')
    if (!this.isFirst) this.textOf(known, 'algorithm', 'pool')
    const firms = this.list(known, 'firms', 'pool').map((one, i) => this.firm(one, `pool.firms[${i}]`))
    const officers = this.list(known, 'officers', 'pool').map((one, i) => this.officer(one, `pool.officers[${i}]`))
    const rules = this.rules(this.field(known, 'rules', 'pool'))
    this.field(known, 'quotas', 'pool')
    return { algorithm: this.algorithm, firms, officers, rules }
  }

  private firm(value: Json, path: string): PoolFirm {
    const known = this.object(value, path)
    return {
      id: this.textOf(known, 'id', path),
      tier: this.tier(this.field(known, 'tier', path), `${path}.tier`),
      area: this.textOrNull(known, 'area', path),
    }
  }

  private officer(value: Json, path: string): PoolOfficer {
    const known = this.object(value, path)
    return {
      id: this.textOf(known, 'id', path),
      department: this.textOf(known, 'department', path),
      labels: this.texts(known, 'labels', path),
      area: this.textOrNull(known, 'area', path),
      recusedFirms: this.texts(known, 'recused_firms', path),
      load: this.isFirst ? 0 : this.number(known, 'load', path),
    }
  }

  private rules(value: Json | undefined): Rules {
    const path = 'pool.rules'
    const known = this.object(value, path)
    return {
      percent: this.decimal(this.field(known, 'percent', path), `${path}.percent`),
      atLeast: this.number(known, 'at_least', path),
      multipliers: this.multipliers(this.field(known, 'multipliers', path), `${path}.multipliers`),
      departments: this.texts(known, 'departments', path),
      perDepartment: this.number(known, 'per_department', path),
      requiredLabels: this.labels(this.field(known, 'required_labels', path), `${path}.required_labels`),
    }
  }

  private multipliers(value: Json | undefined, path: string): Multipliers {
    const known = this.object(value, path)
    const found: Multipliers = {}
    for (const tier of TIERS) {
      if (this.isFirst && !has(known, tier)) continue
      const text = this.field(known, tier, path)
      found[tier] = text === 'whole' ? text : this.decimal(text, `${path}.${tier}`)
    }
    return found
  }

  private labels(value: Json | undefined, path: string): Map<string, string> {
    const known = this.object(value, path)
    const keys = Object.keys(known).sort(compareCodePoints)
    return new Map(keys.map((key) => [this.text(key, path), this.text(known[key], `${path}.${key}`)]))
  }

  private tier(value: Json | undefined, path: string): Tier | null {
    if (value === null || TIERS.includes(value as Tier)) return value as Tier | null
    return this.wrong(value, path, 'a tier or null', null)
  }

  private decimal(value: Json | undefined, path: string): string {
    return isDecimal(value) ? value : this.wrong(value, path, 'a plain decimal', '1')
  }

  private number(known: JsonObject, name: string, path: string): number {
    const value = this.field(known, name, path)
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_NUMBER) return value
    return this.wrong(value, `${path}.${name}`, 'a whole number', 2)
  }

  private texts(known: JsonObject, name: string, path: string): string[] {
    return this.list(known, name, path).map((one, i) => this.text(one, `${path}.${name}[${i}]`))
  }

  private textOf(known: JsonObject, name: string, path: string): string {
    return this.text(this.field(known, name, path), `${path}.${name}`)
  }

  private textOrNull(known: JsonObject, name: string, path: string): string | null {
    const value = this.field(known, name, path)
    return value === null ? null : this.text(value, `${path}.${name}`)
  }

  private list(known: JsonObject, name: string, path: string): Json[] {
    const value = this.field(known, name, path)
    return Array.isArray(value) ? value : this.wrong(value, `${path}.${name}`, 'a list', [])
  }

  private object(value: Json | undefined, path: string): JsonObject {
    return isObject(value) ? value : this.wrong(value, path, 'an object', NOTHING)
  }

  private field(known: JsonObject, name: string, path: string): Json | undefined {
    if (has(known, name)) return known[name]
    if (known !== NOTHING) this.faults.push(difference(`${path}.${name}`, 'missing'))
    return undefined // named already, here or above
  }

  private wrong<T>(value: Json | undefined, path: string, wanted: string, instead: T): T {
    if (value !== undefined) this.faults.push(difference(path, 'unreadable', shown(value), wanted))
    return instead
  }
}

/** Stands for what was no object and was named as such: nothing inside it is named again. */
const NOTHING: JsonObject = {}
