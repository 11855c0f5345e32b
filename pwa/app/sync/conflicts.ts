import type { InspectionFields } from '@/domain/records'
import type { OutboxEntry, Row } from '@/storage/db'

/** Per inspection, the sheets this person may fill. */
export function mayMap(rows: Row[]): Map<string, string[]> {
  const inspections = rows.filter((row) => row.t === 'inspection' && !row.gone)
  return new Map(inspections.map((row) => [row.space, (row.fields as unknown as InspectionFields).may ?? []]))
}

/**
 * Under which name an operation is a matter: what of one answer met another's is one, however often it is met, as
 * refused operations here or as a sibling in the row. Anything else (a photo, an entry) stands for itself.
 */
export function keyOfMatter({ space, entity, op, body, result }: OutboxEntry): string {
  return result?.status === 'conflict' && body.kind === 'answer.set' ? `${space}|${entity}` : op
}

/**
 * Whether an open conflict is this person's to settle: whoever may fill the sheet sees it, even if neither version is
 * theirs; another department's conflict is not, nor one in which this phone has chosen (`listChosen`) and only waits
 * for the server to hear of it.
 */
export function isShownConflict(row: Row, may: Map<string, string[]>, chosen: Set<string> = new Set()): boolean {
  if (row.siblings.every((sibling) => chosen.has(sibling.op)) || row.gone) return false
  const sheet = /^answer:([^/]+)\//.exec(row.id)?.[1]
  return sheet === undefined || (may.get(row.space) ?? []).includes(sheet)
}
