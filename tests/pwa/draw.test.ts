import { describe, expect, test } from 'vitest'
import { dumpCanonical } from '@/domain/canonical'
import type { Json, JsonObject } from '@/domain/draw-differences'
import { drawQuotas, type Quotas } from '@/domain/draw-quotas'
import { DrawReader } from '@/domain/draw-reading'
import { buildRecord, findDifferences } from '@/domain/draw-records'
import { isPlainSeed, ticket } from '@/domain/draw-tickets'
import { sha256Hex } from '@/domain/sha256'
import firstFile from '../vectors/draw.json'
import secondFile from '../vectors/draw-2.json'
import randomFile from '../vectors/draw-random.json'

interface Ticket {
  seed: string
  draw_id: string
  kind: string
  x: string[]
  ticket: string
}
const first = firstFile as unknown as { tickets: Ticket[]; records: JsonObject[]; tampered: { why: string; record: Json; differs_at: string }[] }
const second = secondFile as unknown as {
  tickets: Ticket[]
  quotas: { available: Quotas; percent: string; at_least: number; quotas: Quotas }[]
  seeds: { seed: string; is_plain: boolean }[]
  records: { why: string; record: JsonObject }[]
  tampered: { why: string; record: Json; differences: [string, string][] }[]
}
interface RandomCase {
  draw_id: string
  seed: string
  pool: JsonObject
  refused?: string
  record_sha256: string
  touched: [(string | number)[], Json]
  differs: [string, string][]
  differences: number
}
const random = (randomFile as unknown as { cases: RandomCase[] }).cases

const told = (record: Json) => findDifferences(record).map(({ path, what }) => [path, what])

test('tickets of both versions', () => {
  for (const one of [...first.tickets, ...second.tickets]) {
    expect(ticket(one.seed, one.draw_id, one.kind as 'firm', ...one.x)).toBe(one.ticket)
  }
})

test('quotas in exact fractions', () => {
  for (const { available, percent, at_least, quotas } of second.quotas) expect(drawQuotas(available, percent, {}, at_least)).toEqual(quotas)
})

test('a seed has one spelling', () => {
  for (const { seed, is_plain } of second.seeds) expect([seed, isPlainSeed(seed)]).toEqual([seed, is_plain])
})

describe('records that verify', () => {
  test.each(second.records)('$why', ({ record }) => expect(told(record)).toEqual([]))
  test('of suicha-draw-1, too', () => {
    for (const record of first.records) expect(told(record)).toEqual([])
  })
})

describe('records that differ, each where it was touched', () => {
  test.each(second.tampered)('$why', ({ record, differences }) => expect(told(record)).toEqual(differences))
  test.each(first.tampered)('suicha-draw-1: $why', ({ record, differs_at }) => {
    expect(told(record).some(([path]) => path!.startsWith(differs_at))).toBe(true)
  })
})

test('pools made at random give the records that Python makes, and differ where Python says', () => {
  for (const one of random) {
    const algorithm = String(one.pool.algorithm ?? 'suicha-draw-1')
    const pool = new DrawReader(algorithm).pool(one.pool)
    if (one.refused !== undefined) {
      expect(() => buildRecord(pool, one.seed, one.draw_id), one.draw_id).toThrow(one.refused)
      continue
    }
    const record = buildRecord(pool, one.seed, one.draw_id)
    expect(sha256Hex(dumpCanonical(record)), one.draw_id).toBe(one.record_sha256)
    expect(findDifferences(record)).toEqual([])
    const found = told(touch(record, ...one.touched))
    expect([found.slice(0, 1), found.length], one.draw_id).toEqual([one.differs, one.differences])
  }
  expect(random.length).toBeGreaterThan(200)
})

function touch(record: JsonObject, path: (string | number)[], value: Json): JsonObject {
  const changed = JSON.parse(JSON.stringify(record)) as JsonObject
  let place = changed as Record<string | number, Json>
  for (const step of path.slice(0, -1)) place = place[step] as Record<string | number, Json>
  place[path[path.length - 1]!] = value
  return changed
}

test.each([null, 7, 'record', [], {}, { algorithm: {} }])('what is no record differs and nothing is thrown (%#)', (value) => {
  expect(findDifferences(value)).not.toEqual([])
})
