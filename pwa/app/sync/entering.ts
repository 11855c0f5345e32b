import type { AnswerFields } from '@/domain/checklists'
import type { Plain } from '@/domain/canonical'
import { buildContent, digestContent, type SheetContent } from '@/domain/content'
import type { PhotoFields } from '@/domain/records'
import type { Row } from '@/storage/db'
import type { Draft, Heads } from './operation'

/**
 * The operation that enters a sheet (§3, §13.5): it signs the rows as this phone has them from the server. Own
 * pending work is no part of it; the screen refuses to enter while there is any.
 */
export function buildEntry(space: string, sheet: string, rows: Row[], results: Record<string, number>): Draft {
  const standing = listStanding(rows, sheet)
  const seen: Record<string, Heads> = Object.fromEntries(standing.map((row) => [row.id, row.heads]))
  return {
    kind: 'sheet.enter',
    space,
    entity: `sheet:${sheet}`,
    fields: { results },
    seen,
    digest: digestContent(collectContent(space, sheet, standing, results)),
  }
}

/** What entering signs, as plain JSON (§13.5). */
export function readContent(space: string, sheet: string, rows: Row[], results: Record<string, number>): Plain {
  return buildContent(collectContent(space, sheet, listStanding(rows, sheet), results))
}

function listStanding(rows: Row[], sheet: string): Row[] {
  return rows.filter((row) => !row.gone && isOfSheet(row, sheet))
}

function collectContent(space: string, sheet: string, rows: Row[], results: Record<string, number>): SheetContent {
  const content: SheetContent = {
    inspection: space,
    sheet,
    answers: {},
    photos: {},
    signatures: [],
    checkins: [],
    results,
  }
  for (const row of rows) {
    const [type, rest] = splitId(row.id)
    if (type === 'answer') content.answers[itemOf(row.id)] = row.fields as AnswerFields
    if (type === 'photo') {
      const { sha256, attached } = row.fields as unknown as PhotoFields
      content.photos[sha256] = attached.map(itemOf)
    }
    if (type === 'signature') content.signatures.push(rest)
    if (type === 'checkin') content.checkins.push(rest)
  }
  return content
}

function isOfSheet(row: Row, sheet: string): boolean {
  switch (row.t) {
    case 'answer':
      return row.id.startsWith(`answer:${sheet}/`)
    case 'photo':
      return ((row.fields as unknown as PhotoFields).attached ?? []).some((entity) => entity.startsWith(`answer:${sheet}/`))
    case 'signature':
    case 'checkin':
      return row.fields.sheet === sheet
    default:
      return false
  }
}

function splitId(id: string): [string, string] {
  const at = id.indexOf(':')
  return [id.slice(0, at), id.slice(at + 1)]
}

function itemOf(entity: string): string {
  return entity.slice(entity.indexOf('/') + 1)
}
