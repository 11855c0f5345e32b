import { describe, expect, test } from 'vitest'
import { dumpCanonical, type Plain } from '@/domain/canonical'
import type { AnswerFields, Item } from '@/domain/checklists'
import { judgeAnswer } from '@/domain/judge'
import { sha256Hex } from '@/domain/sha256'
import { isVoid, sign, type SheetAsShown, type Signed } from '@/domain/signing'
import { buildEntry, readContent } from '@/sync/entering'
import type { Row } from '@/storage/db'
import { hashPayload, linkOf } from '@/sync/chain'
import type { Op } from '@/sync/operation'
import chainFile from '../vectors/chain.json'
import canonicalFile from '../vectors/canonical.json'
import contentFile from '../vectors/content.json'
import judgeFile from '../vectors/judge.json'
import signingFile from '../vectors/signing.json'

const FILES: Record<string, unknown> = { chain: chainFile, judge: judgeFile, canonical: canonicalFile, content: contentFile, signing: signingFile }
const load = <T>(name: string) => FILES[name] as T

interface JudgeVectors {
  items: Record<string, Item>
  cases: {
    why: string
    item: string
    answer: AnswerFields
    photos: number
    firm_signed?: boolean
    inspection_date: string | null
    today: string
    verdict: string
    missing: string[]
  }[]
}

describe('judge.json', () => {
  const { items, cases } = load<JudgeVectors>('judge')
  test.each(cases)('$item: $why', ({ item, answer, photos, firm_signed, inspection_date, today, verdict, missing }) => {
    const judged = judgeAnswer(items[item]!, answer, photos, { inspectedOn: inspection_date, today }, firm_signed)
    expect(judged).toEqual({ verdict, missing })
  })
})

describe('canonical.json', () => {
  const { cases, refused } = load<{ cases: { name: string; value: Plain; text: string; sha256: string }[]; refused: { name: string; json: string }[] }>('canonical')
  test.each(cases)('$name', ({ value, text, sha256 }) => {
    expect(dumpCanonical(value)).toBe(text)
    expect(sha256Hex(text)).toBe(sha256)
  })
  test.each(refused)('refused: $name', ({ json }) => {
    expect(() => dumpCanonical(JSON.parse(json) as Plain)).toThrow()
  })
})

interface ContentCase {
  name: string
  space: string
  sheet: string
  rows: Row[]
  results: Record<string, number>
  text: string
  digest: string
  seen: Record<string, Record<string, string>>
}

describe('content.json', () => {
  const { cases } = load<{ cases: ContentCase[] }>('content')
  test.each(cases)('$name', ({ space, sheet, rows, results, text, digest, seen }) => {
    expect(dumpCanonical(readContent(space, sheet, rows, results))).toBe(text)
    const draft = buildEntry(space, sheet, rows, results)
    expect(draft.digest).toBe(digest)
    expect(draft.seen).toEqual(seen)
  })
})

interface SigningCase {
  name: string
  signed: Signed | null
  refused: boolean
  rows: Row[]
  is_void: boolean
}

describe('signing.json', () => {
  const data = load<{ space: string; sheet: string; rows: Row[]; photos: string[]; digest: string; void: SigningCase[] }>('signing')
  const shown = (rows: Row[]): SheetAsShown => ({
    inspection: data.space,
    sheet: data.sheet,
    answers: Object.fromEntries(
      rows.filter((row) => row.id.startsWith(`answer:${data.sheet}/`)).map((row) => [row.id.split('/')[1]!, row.fields as AnswerFields]),
    ),
    photos: rows.filter((row) => row.t === 'photo' && !row.gone).map((row) => String(row.fields.sha256)),
  })
  test('the digest of what is shown', () => {
    expect(sign(shown(data.rows))).toEqual({ digest: data.digest, photos: [...data.photos].sort() })
  })
  test.each(data.void)('$name', ({ signed, refused, rows, is_void }) => {
    expect(isVoid({ refused, ...(signed ? { signed } : {}) }, shown(rows))).toBe(is_void)
  })
})

interface Link {
  operation: Op
  sha256: string
  link: string
}

describe('chain.json', () => {
  const { chain, renamed } = load<{ chain: Link[]; renamed: Link[] }>('chain')
  test.each([...chain, ...renamed])('operation $operation.seq: payload hash and link', ({ operation, sha256, link }) => {
    expect(hashPayload(operation)).toBe(sha256)
    expect(linkOf(operation.prev, operation.seq, operation.op, sha256)).toBe(link)
  })
})
