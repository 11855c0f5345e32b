import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { groupPhotos, isOriginal, type PhotoManifest } from '@/domain/evidence'
import { isTiny, MAX_PEN_POINTS, moveMark, placeMark, readMarks, stretchMark, thinOut, type Mark, type Point } from '@/domain/marks'
import { readPictureHead } from '@/domain/picture'
import type { Row } from '@/storage/db'
import { wrap } from '@/screens/stamp'
import { buildInspectionView } from '@/sync/inspection-view'
import manifests from '../vectors/manifest.json'

test.each(manifests.cases)('manifest.json: $name', ({ manifest, is_original, refused }) => {
  expect(isOriginal(manifest as PhotoManifest)).toBe(is_original)
  const { marks } = manifest as { marks?: unknown }
  if (is_original || marks === undefined) return
  const isBroken = refused !== null && refused[1]!.includes('.marks')
  expect(readMarks(marks) === null).toBe(isBroken)
})

const heic = new Uint8Array(readFileSync(new URL('../pictures/drawn.heic', import.meta.url)))

test('a HEIC is known by its head and measured by its largest picture', () => {
  expect(readPictureHead(heic)).toEqual({ mime: 'image/heic', width: 640, height: 480 })
})

test('a HEIC that promises 100 megapixels says so before a pixel is decoded', () => {
  const panorama = heic.slice()
  const at = Buffer.from(panorama).indexOf('ispe') + 8
  new DataView(panorama.buffer).setUint32(at, 16_000)
  expect(readPictureHead(panorama)).toMatchObject({ width: 16_000, height: 480 })
})

test('what is no picture is none, however it is cut', () => {
  expect(readPictureHead(new Uint8Array())).toBeNull()
  for (let length = 0; length < 400; length += 7) expect(readPictureHead(heic.slice(0, length))?.mime ?? null).toBeNull()
  const film = heic.slice()
  film.set(new TextEncoder().encode('isomxxxxisommp42iso2'), 8)
  expect(readPictureHead(film)).toBeNull()
})

test('a mark stops at the edge and keeps its size', () => {
  const mark = placeMark('arrow', 'red')
  const moved = moveMark(mark, -50_000, 70_000)
  expect(moved.points).toEqual([[0, 7500], [2500, 10_000]])
  expect(stretchMark(moved, 9999, 1)).toEqual({ ...mark, points: [[0, 7500], [10_000, 10_000]] })
  expect(readMarks([placeMark('blur', 'red'), placeMark('pen', 'blue'), placeMark('circle', 'yellow')])).not.toBeNull()
})

test('a long way of the finger becomes few points and keeps its end', () => {
  const way = Array.from({ length: 5000 }, (_, n): Point => [n, n])
  const thin = thinOut(way)
  expect(thin.length).toBeLessThanOrEqual(MAX_PEN_POINTS)
  expect(thin.at(-1)).toEqual([4999, 4999])
  expect(thinOut(way.slice(0, 5))).toHaveLength(5)
})

test('a tap is no mark', () => {
  const tap: Mark = { kind: 'blur', points: [[500, 500], [510, 505]] }
  expect([isTiny(tap), isTiny(placeMark('blur', 'red'))]).toEqual([true, false])
})

const photo = (sha256: string, manifest: PhotoManifest = {}) => ({ sha256, manifest })
const page = (sha256: string, id: string, n: number) => photo(sha256, { document: { id, page: n, title: '台账' } })
const copyOf = (of: string, sha256: string) => photo(sha256, { source: 'marked', of })

test('photos stand in the order of people: each copy behind its original, the pages of a document in order', () => {
  const groups = groupPhotos([page('p2', 'd', 2), photo('a'), copyOf('a', 'a1'), page('p1', 'd', 1), copyOf('p2', 'p2x'), copyOf('gone', 'g1')])
  const told = groups.map(({ document, title, photos }) => [document, title, photos.map((one) => [one.photo.sha256, ...one.copies.map((copy) => copy.sha256)])])
  expect(told).toEqual([
    ['', '', [['a', 'a1'], ['g1']]],
    ['d', '台账', [['p1'], ['p2', 'p2x']]],
  ])
})

test('a marked copy is shown and is not the photo that is asked for', () => {
  const row = (t: string, id: string, fields: object): Row => ({ space: 'insp:42', t, id, seq: 1, fields: fields as never, heads: {}, siblings: [], round: 1 })
  const attached = { bytes: 9, mime: 'image/jpeg', width: 1, height: 1, attached: ['answer:tr/PAX-01'], stored: false }
  const item = { code: 'PAX-01', text: '', basis: [], methods: [], answer: { type: 'judge' }, photo_on_fail: true, severity: 'minor', is_required: true }
  const build = (...photos: Row[]) =>
    buildInspectionView({
      space: 'insp:42',
      rows: [
        row('inspection', 'inspection:42', { sheets: ['tr'], may: ['tr'], team: [], firm: {} }),
        row('sheet', 'sheet:tr', { department: { code: 'tr', name: '' }, state: 'open', lists: [{ list: 'x@1', items: ['PAX-01'] }], results: {} }),
        ...photos,
      ],
      outbox: [],
      photos: [],
      lists: new Map([['x@1', { code: 'x', version: 1, title: 'X', items: [item] } as never]]),
      today: '2026-03-04',
    })!.sheets[0]!
  const copy = row('photo', 'photo:c', { ...attached, sha256: 'c', manifest: { source: 'marked', of: 'o' } })
  const original = row('photo', 'photo:o', { ...attached, sha256: 'o', manifest: { source: 'gallery' } })
  expect(build(copy).photos['PAX-01']).toHaveLength(1)
  expect(build(copy).view.photoCounts).toEqual({ 'PAX-01': 0 })
  expect(build(copy, original).view.photoCounts).toEqual({ 'PAX-01': 1 })
  expect(build(copy, original).view.photosOnTheWay).toEqual({ 'PAX-01': 2 })
})

test('a stamp breaks Chinese anywhere and keeps a number whole', () => {
  const wide = (text: string) => text.length
  expect(wrap('晋城市示例客运有限公司 35.48000', 8, wide)).toEqual(['晋城市示例客运有', '限公司 ', '35.48000'])
  expect(wrap('', 8, wide)).toEqual([])
})
