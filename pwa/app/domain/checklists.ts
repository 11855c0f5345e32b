import type { VisitOutcome } from './outcomes'

/** A checklist as the server's `lib` route sends it (protocol §13.4). */
export const ANSWER_TYPES = ['judge', 'number', 'number_pair', 'text', 'date', 'photo'] as const
export type AnswerType = (typeof ANSWER_TYPES)[number]
export type Verdict = 'pass' | 'fail' | 'na'
export type Method = 'on_site' | 'document' | 'online' | 'commissioned'
export type Severity = 'minor' | 'major' | 'critical'

/** What the record holds already and an entry asks for again: offered there, never filled in by itself. */
export type Known = 'officers' | 'notice_day' | 'firm_signature' | 'end_day'

export interface AnswerRule {
  type: AnswerType
  unit?: string | null
  labels?: string[] | null
  pass?: string | null
  min?: number | null
  known?: Known | null
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
  /** 合格 for what was left of a section, said in one tap. */
  by_rest?: true | null
  /** Why nothing could be checked: stands at one item for the whole sheet. */
  outcome?: VisitOutcome | null
}
