import type { VersionFields } from '@/domain/records'
import type { Row } from '@/storage/db'

/** One corrected field: what it was before this version, and what holds since. */
export interface Correction {
  field: string
  old: unknown
  now: unknown
  version: number
  approvedBy: string
  approvedAt: string
}

/** The corrections of one entity, in the order of their versions (§13.10); an unchanged field is no correction. */
export function listCorrections(rows: Row[], entity: string): Correction[] {
  const versions = rows
    .filter((row) => row.t === 'version' && !row.gone)
    .map((row) => row.fields as unknown as VersionFields)
    .sort((a, b) => a.version - b.version)
  return versions.flatMap(({ version, changes, approved_by, approved_at }) =>
    changes
      .filter((change) => change.entity === entity)
      .map((change) => ({
        field: change.field,
        old: change.old,
        now: change.new,
        version,
        approvedBy: approved_by.name,
        approvedAt: approved_at,
      })),
  )
}

/** What holds now: the fields as entered with the corrections laid over them. */
export function overlayCorrections<T extends object>(fields: T, corrections: Correction[]): T {
  if (corrections.length === 0) return fields
  return { ...fields, ...Object.fromEntries(corrections.map((one) => [one.field, one.now])) }
}
