import type { SheetFields } from '@/domain/records'
import { app } from './state'

/** The department as a paper names it to the firm: with its county, as both forms print it. */
export function bureauName(sheet: SheetFields): string {
  return `${app.profile?.jurisdiction.name ?? ''}${sheet.department.name}`
}
