import type { AnswerFields } from './checklists'
import { dumpCanonical, type Plain } from './canonical'
import { sha256Hex } from './sha256'

export interface SheetContent {
  inspection: string
  sheet: string
  /** item code → fields */
  answers: Record<string, AnswerFields>
  /** photo hash → item codes it is attached to */
  photos: Record<string, string[]>
  signatures: string[]
  checkins: string[]
  results: Record<string, number>
}

/** What entering a sheet signs (protocol §13.5): null fields and items without any field are left out. */
export function buildContent(content: SheetContent): Plain {
  const answers: Record<string, Plain> = {}
  for (const [item, fields] of Object.entries(content.answers)) {
    const kept: Record<string, Plain> = {}
    for (const name of ['value', 'verdict', 'note', 'by_rest', 'outcome'] as const) {
      const value = fields[name]
      if (value !== null && value !== undefined) kept[name] = value as Plain
    }
    if (Object.keys(kept).length > 0) answers[item] = kept
  }
  const photos: Record<string, Plain> = {}
  for (const [hash, items] of Object.entries(content.photos)) photos[hash] = [...items].sort()
  return {
    inspection: content.inspection,
    sheet: content.sheet,
    answers,
    photos,
    signatures: [...content.signatures].sort(),
    checkins: [...content.checkins].sort(),
    results: content.results,
  }
}

/** SHA-256 (hex) of the canonical content: the phone says "this is what I saw and sign". */
export function digestContent(content: SheetContent): string {
  return sha256Hex(dumpCanonical(buildContent(content)))
}
