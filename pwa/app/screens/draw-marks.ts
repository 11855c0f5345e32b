import { SIDE, type Mark, type MarkColour, type Point } from '@/domain/marks'

/** Each colour with the edge that sets it off from any ground: 7:1 and more between the two. */
const INKS: Record<MarkColour, [ink: string, edge: string]> = {
  red: ['#b00000', '#fff'],
  yellow: ['#ffe100', '#000'],
  blue: ['#0b3fa4', '#fff'],
}
/** So few squares across a blurred area that no face is left in it. */
const BLUR_CELLS = 8

/** Draws marks over the picture on this canvas; what is blurred first, so that it hides no other mark. */
export function drawMarks(canvas: HTMLCanvasElement, marks: Mark[]): void {
  const to = ([x, y]: Point): Point => [(x / SIDE) * canvas.width, (y / SIDE) * canvas.height]
  const pen = canvas.getContext('2d')!
  for (const mark of marks) if (mark.kind === 'blur') blur(canvas, pen, mark.points.map(to))
  for (const mark of marks) if (mark.colour) stroke(canvas, pen, mark, mark.points.map(to))
}

function stroke(canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D, mark: Mark, points: Point[]): void {
  const width = Math.max(3, Math.max(canvas.width, canvas.height) / 160)
  const [ink, edge] = INKS[mark.colour!]
  pen.lineCap = pen.lineJoin = 'round'
  for (const [colour, wide] of [[edge, width * 2], [ink, width]] as const) {
    pen.strokeStyle = colour
    pen.lineWidth = wide
    pen.stroke(pathOf(mark, points, width * 6))
  }
}

function pathOf(mark: Mark, points: Point[], head: number): Path2D {
  const path = new Path2D()
  const [from, to] = [points[0]!, points[points.length - 1]!]
  if (mark.kind === 'circle') {
    const [rx, ry] = [Math.abs(to[0] - from[0]) / 2, Math.abs(to[1] - from[1]) / 2]
    path.ellipse((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, rx, ry, 0, 0, 2 * Math.PI)
    return path
  }
  path.moveTo(...from)
  for (const point of points.slice(1)) path.lineTo(...point)
  if (mark.kind === 'arrow') {
    const angle = Math.atan2(to[1] - from[1], to[0] - from[0])
    for (const turn of [2.6, -2.6]) {
      path.moveTo(...to)
      path.lineTo(to[0] + head * Math.cos(angle + turn), to[1] + head * Math.sin(angle + turn))
    }
  }
  return path
}

function blur(canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D, points: Point[]): void {
  const [a, b] = [points[0]!, points[points.length - 1]!]
  const [x, y] = [Math.floor(Math.min(a[0], b[0])), Math.floor(Math.min(a[1], b[1]))]
  const [width, height] = [Math.ceil(Math.abs(b[0] - a[0])), Math.ceil(Math.abs(b[1] - a[1]))]
  if (width < 1 || height < 1) return
  const cell = Math.max(width, height) / BLUR_CELLS
  const small = document.createElement('canvas')
  small.width = Math.max(1, Math.round(width / cell))
  small.height = Math.max(1, Math.round(height / cell))
  const draft = small.getContext('2d')!
  draft.imageSmoothingQuality = 'high'
  draft.drawImage(canvas, x, y, width, height, 0, 0, small.width, small.height)
  pen.save()
  pen.imageSmoothingEnabled = false
  pen.drawImage(small, 0, 0, small.width, small.height, x, y, width, height)
  pen.restore()
}
