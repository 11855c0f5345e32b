import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JsonObject } from '@/domain/draw-differences'
import { judge } from '@/verify/steps'
import { sentenceOf } from '@/verify/words'

const file = JSON.parse(readFileSync(new URL('../vectors/draw-2.json', import.meta.url), 'utf8')) as {
  records: { record: JsonObject }[]
  tampered: { why: string; record: JsonObject }[]
}
const whole = file.records[2]!.record
const published = { drawId: whole.draw_id as string, digest: whole.pool_sha256 as string }
const tampered = (why: string) => file.tampered.find((one) => one.why === why)!.record
const states = (record: unknown) => judge(record, published).steps.map((one) => one.state)
/** Shows the word and its places, so that a sentence is seen to be put together right. */
const say = (word: string, values: Record<string, string> = {}) => [word, ...Object.values(values)].join('|')

test('an equal record is the same at every step and has the published digest', () => {
  const verdict = judge(whole, published)
  expect(verdict.differences).toEqual([])
  expect(verdict.isPublished).toBe(true)
  expect(verdict.steps.map((one) => one.state)).toEqual(['same', 'same', 'same', 'same'])
  expect(verdict.steps[0]!.values.digest).toBe(published.digest)
})

test('a whole record of this draw with another pool is not the published one', () => {
  expect(judge({ ...whole, pool_sha256: '0' }, published).isPublished).toBe(false)
  expect(judge({ ...whole, draw_id: 'other' }, published).isPublished).toBeNull()
})

test('a difference shows at its step alone', () => {
  expect(states(tampered('a firm was left out of the published pool'))).toEqual(['different', 'same', 'same', 'same'])
  expect(states(tampered('the quotas were raised'))).toEqual(['same', 'different', 'same', 'same'])
  expect(states(tampered('an officer was swapped'))).toEqual(['same', 'same', 'same', 'different'])
})

test('what cannot be read or drawn is called unknown, not the same', () => {
  for (const why of ['a pool of three faults of shape', 'too few officers', 'a field is missing', 'an unknown version is named']) {
    expect(states(tampered(why))).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  }
  for (const value of [null, [], 'x', {}]) expect(judge(value, published).differences).not.toEqual([])
})

test('a sentence says where, what and the place', () => {
  const [first] = judge(tampered('an officer was swapped'), published).differences
  expect(sentenceOf(first!, say)).toMatch(/^difference\|assignments\.entry\|1\|value\|"tr-\d"\|"tr-\d".*\|assignments\[0\]\.officers\[0\]$/)
  const [refused] = judge(tampered('too few officers'), published).differences
  expect(sentenceOf(refused!, say)).toContain('draw.too_few_officers')
})
