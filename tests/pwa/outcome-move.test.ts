import { expect, test } from 'vitest'
import type { AnswerFields } from '@/domain/checklists'
import { moveOutcome, type Kept } from '@/domain/outcome-move'
import { findOutcome, type VisitOutcome } from '@/domain/outcomes'
import { makeItem } from './phone'

const ITEMS = [makeItem('COM-04'), makeItem('COM-05'), makeItem('PAX-01')]

/** A sheet on one phone: what is chosen, one after the other, and what is typed in between. */
function makeSheet(answers: Record<string, AnswerFields> = {}, items = ITEMS) {
  let kept: Kept = { before: {}, account: '' }
  return {
    answers,
    choose(to: VisitOutcome | null) {
      const move = moveOutcome(to, findOutcome(answers, {}, items), items, answers, kept)
      kept = move.keep
      for (const { item, fields } of move.writes) answers[item] = { ...answers[item], ...fields }
    },
    forget: () => void (kept = { before: {}, account: '' }),
  }
}
const said = (fields: AnswerFields | undefined) => Object.fromEntries(Object.entries(fields ?? {}).filter(([, one]) => one !== null))

test('another reason takes the account along and leaves nothing where the first one stood', () => {
  const sheet = makeSheet()
  sheet.choose('refused')
  sheet.answers['COM-05']!.note = '门卫不让进，电话无人接'
  sheet.choose('closed')
  expect(said(sheet.answers['COM-05'])).toEqual({})
  expect(said(sheet.answers['COM-04'])).toEqual({ outcome: 'closed', value: 'fail', note: '门卫不让进，电话无人接' })
  sheet.choose('moved')
  expect(said(sheet.answers['COM-04'])).toEqual({ outcome: 'moved', value: 'fail', note: '门卫不让进，电话无人接' })
})

test('taken back, an entry says again what it said before, and the account comes back with the next reason', () => {
  const sheet = makeSheet({ 'COM-04': { value: 'pass', note: '电话能通', by_rest: true }, 'COM-05': { value: 'na' } })
  sheet.choose('closed')
  expect(said(sheet.answers['COM-04'])).toEqual({ outcome: 'closed', value: 'fail', note: '电话能通' })
  sheet.answers['COM-04']!.note = '电话能通\n门头已拆'
  sheet.choose('refused')
  expect(said(sheet.answers['COM-04'])).toEqual({ value: 'pass', note: '电话能通', by_rest: true })
  expect(said(sheet.answers['COM-05'])).toEqual({ outcome: 'refused', value: 'fail', note: '门头已拆' })
  sheet.choose(null)
  expect(said(sheet.answers['COM-05'])).toEqual({ value: 'na' })
  sheet.choose('refused')
  expect(said(sheet.answers['COM-05'])).toEqual({ outcome: 'refused', value: 'fail', note: '门头已拆' })
})

test('what was judged there meanwhile, and words nobody knows the origin of, are left alone', () => {
  const sheet = makeSheet({ 'COM-04': { value: 'pass' } })
  sheet.choose('closed')
  sheet.answers['COM-04']!.value = 'na'
  sheet.choose(null)
  expect(said(sheet.answers['COM-04'])).toEqual({ value: 'na' })
  sheet.choose('closed')
  sheet.answers['COM-04']!.note = '门头已拆'
  sheet.forget() // chosen on another phone
  sheet.choose(null)
  expect(said(sheet.answers['COM-04'])).toEqual({ note: '门头已拆' })
})

test('where no common entry is on the sheet, the first one keeps its value', () => {
  const items = [makeItem('N-1', { answer: { type: 'number' } })]
  const sheet = makeSheet({ 'N-1': { value: { number: '3' } } }, items)
  sheet.choose('closed')
  expect(said(sheet.answers['N-1'])).toEqual({ outcome: 'closed', value: { number: '3' } })
  sheet.choose(null)
  expect(said(sheet.answers['N-1'])).toEqual({ value: { number: '3' } })
})
