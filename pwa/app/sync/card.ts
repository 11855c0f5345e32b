import type { Checklist } from '@/domain/checklists'
import { isItemDone } from '@/domain/missing'
import type { SheetFields } from '@/domain/records'
import type { Card, ShownCard } from '@/storage/cards'
import type { Cursor, OutboxEntry, Row } from '@/storage/db'
import { isShownConflict, mayMap } from './conflicts'
import { buildInspectionView, type InspectionView, type SheetModel } from './inspection-view'
import { listChosen } from './versions-in-dispute'

export interface CardSource {
  cursor: Cursor
  rows: Row[]
  outbox: OutboxEntry[]
  lists: Map<string, Checklist>
  today: string
}

/** Work to do first; of several sheets of one visit, what is left to do speaks for all. */
export const STATES: readonly SheetModel['state'][] = ['returned', 'started', 'open', 'accepted', 'entering', 'submitting', 'submitted', 'entered', 'published']

/** The card of an inspection: a function of what it is made of and, where the day matters, of the day. */
export function buildCard({ cursor, rows, outbox, lists, today }: CardSource): Card {
  const { space } = cursor
  const [may, chosen] = [mayMap(rows), listChosen(outbox)]
  const known: Omit<Card, 'group'> = {
    space,
    day: null,
    shown: null,
    lacks: listNamed(rows).filter((list) => !lists.has(list)),
    conflicts: rows.filter((row) => isShownConflict(row, may, chosen)).map((row) => row.id),
  }
  if (!cursor.ready) return { ...known, group: 'loading' }
  const view = buildInspectionView({ space, rows, outbox, photos: [], lists, today })
  if (!view) return { ...known, group: 'none' }
  const shown = show(view)
  const group = shown.state === 'entered' || shown.state === 'published' ? 'entered' : 'open'
  return { ...known, group, shown, day: view.sheets.some(isJudgedByDay) ? today : null }
}

/** Every checklist that a sheet names. */
export function listNamed(rows: Row[]): string[] {
  const sheets = rows.filter((row) => row.t === 'sheet' && !row.gone)
  return [...new Set(sheets.flatMap((row) => ((row.fields as unknown as SheetFields).lists ?? []).map(({ list }) => list)))]
}

function show(view: InspectionView): ShownCard {
  const mine = view.sheets.filter((sheet) => sheet.isMine)
  const done = mine.flatMap((sheet) => sheet.view.items.map((item) => isItemDone(item, sheet.view, sheet.dates)))
  const states = mine.map((sheet) => sheet.state)
  return {
    fields: view.fields,
    state: STATES.find((one) => states.includes(one)) ?? 'open',
    done: done.filter(Boolean).length,
    total: done.length,
    hasAllLists: mine.every((sheet) => sheet.missingLists.length === 0),
  }
}

/** A licence that was valid yesterday. */
function isJudgedByDay(sheet: SheetModel): boolean {
  return sheet.view.items.some((item) => item.answer.type === 'date' && item.answer.pass && sheet.answers[item.code]?.fields.value)
}
