/** A checklist as the server's `lib` route sends it (protocol §13.4). */
export type AnswerType = 'judge' | 'number' | 'number_pair' | 'text' | 'date' | 'photo'
export type Verdict = 'pass' | 'fail' | 'na'
export type Method = 'on_site' | 'document' | 'online' | 'commissioned'
export type Severity = 'minor' | 'major' | 'critical'

export interface AnswerRule {
  type: AnswerType
  unit?: string | null
  labels?: string[] | null
  pass?: string | null
  min?: number | null
}

export interface Item {
  code: string
  text: string
  basis: { law: string; article: string | null; confidence: string }[]
  methods: Method[]
  answer: AnswerRule
  photo_on_fail: boolean
  severity: Severity
  is_required: boolean
}

export interface Checklist {
  code: string
  version: number
  title: string
  items: Item[]
}

/** A number as typed, with what the rule asks beside it (`接入车辆数`). Decimals stay strings (§13.1). */
export interface NumberValue {
  number: string
  given?: Record<string, string>
}
export interface PairValue {
  checked: number
  failed: number
}
export type AnswerValue = Verdict | NumberValue | PairValue | string | null

export interface AnswerFields {
  value?: AnswerValue
  verdict?: Verdict | null
  note?: string | null
}
