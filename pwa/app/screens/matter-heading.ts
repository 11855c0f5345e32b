import type { Key } from '@/i18n'
import type { Matter } from '@/storage/read-queue'

/** What became of it, in one sentence. `isAdopted`: somebody chose, and what this person wrote is what stands. */
export function headingOf({ kind, entries }: Pick<Matter, 'kind' | 'entries'>, isChoosable: boolean, isAdopted: boolean): Key {
  switch (kind) {
    case 'rejected_locked':
      return 'queue.locked_title'
    case 'forbidden':
      return 'queue.forbidden_title'
    case 'changed':
      return 'queue.changed_title'
    case 'receipt':
      return 'queue.receipt_title'
    case 'conflict':
      return headingOfConflict(entries[entries.length - 1]?.body.kind, isChoosable, isAdopted)
    default:
      return 'queue.invalid_title'
  }
}

function headingOfConflict(op: string | undefined, isChoosable: boolean, isAdopted: boolean): Key {
  if (op === 'sheet.enter') return 'queue.entry_moved'
  // Of a photo there are no two versions: it is there or it is not.
  if (op === 'photo.attach') return 'queue.photo_gone'
  if (op === 'photo.remove') return 'queue.photo_stays'
  if (isChoosable) return 'queue.conflict_title'
  return isAdopted ? 'queue.conflict_adopted' : 'queue.conflict_settled'
}
