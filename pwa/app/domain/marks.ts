/** What is drawn on a copy of a photo, as data: anybody can draw it again over the original (protocol §13.3). */
export const MARK_KINDS = ['arrow', 'circle', 'pen', 'blur'] as const
export type MarkKind = (typeof MARK_KINDS)[number]
export const MARK_COLOURS = ['red', 'yellow', 'blue'] as const
export type MarkColour = (typeof MARK_COLOURS)[number]

/** In ten-thousandths of the upright picture's width and height. */
export type Point = [x: number, y: number]

export interface Mark {
  kind: MarkKind
  /** A blur has none. */
  colour?: MarkColour
  /** arrow: tail and tip; circle, blur: two corners of the box around it; pen: the way of the finger. */
  points: Point[]
}

export const SIDE = 10_000
export const MAX_MARKS = 40
export const MAX_PEN_POINTS = 200

/** Marks as they came, or null when they are not what this app can draw. */
export function readMarks(value: unknown): Mark[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_MARKS) return null
  return value.every(isMark) ? value : null
}

function isMark(value: unknown): value is Mark {
  const { kind, colour, points, ...rest } = (value ?? {}) as Partial<Mark>
  const isPen = kind === 'pen'
  return (
    MARK_KINDS.includes(kind as MarkKind) &&
    (kind === 'blur' ? colour === undefined : MARK_COLOURS.includes(colour as MarkColour)) &&
    Array.isArray(points) &&
    points.length >= 2 &&
    points.length <= (isPen ? MAX_PEN_POINTS : 2) &&
    points.every(isPoint) &&
    Object.keys(rest).length === 0
  )
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Number.isInteger(part) && part >= 0 && part <= SIDE)
}

export const clampPoint = (x: number, y: number): Point => [clamp(x), clamp(y)]
const clamp = (part: number) => Math.min(SIDE, Math.max(0, Math.round(part)))

/** A mark in the middle, of a size one can see, for whoever moves it with keys instead of drawing it. */
export function placeMark(kind: MarkKind, colour: MarkColour): Mark {
  const points: Point[] = kind === 'pen' ? [[3500, 5000], [6500, 5000]] : [[3500, 3500], [6000, 6000]]
  return kind === 'blur' ? { kind, points } : { kind, colour, points }
}

/** Moved as a whole; it stops at the edge of the picture and keeps its size. */
export function moveMark(mark: Mark, dx: number, dy: number): Mark {
  const by = (axis: 0 | 1, step: number) => {
    const parts = mark.points.map((point) => point[axis])
    return Math.max(-Math.min(...parts), Math.min(SIDE - Math.max(...parts), Math.round(step)))
  }
  const [x, y] = [by(0, dx), by(1, dy)]
  return { ...mark, points: mark.points.map((point): Point => [point[0] + x, point[1] + y]) }
}

/** Its last point moved: an arrow's tip, the corner of a circle or a blurred area. */
export function stretchMark(mark: Mark, dx: number, dy: number): Mark {
  const [x, y] = mark.points[mark.points.length - 1]!
  return { ...mark, points: [...mark.points.slice(0, -1), clampPoint(x + dx, y + dy)] }
}

/** A finger makes more points than the record needs: every n-th, and the last. */
export function thinOut(points: Point[]): Point[] {
  const every = Math.ceil(points.length / (MAX_PEN_POINTS - 1))
  return points.filter((_, n) => n % every === 0 || n === points.length - 1)
}

/** Too small to be meant: a tap while drawing. */
export function isTiny(mark: Mark): boolean {
  const spread = (axis: 0 | 1) => Math.max(...mark.points.map((p) => p[axis])) - Math.min(...mark.points.map((p) => p[axis]))
  return spread(0) < 150 && spread(1) < 150
}
