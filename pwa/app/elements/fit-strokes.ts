/**
 * What was written in a box of one size, in a box of another: scaled evenly, so that a signature keeps its shape and
 * no end of it lies outside.
 */
export function fitStrokes<Stroke extends { points: { x: number; y: number }[] }>(strokes: Stroke[], from: [number, number], to: [number, number]): Stroke[] {
  const scale = Math.min(to[0] / from[0], to[1] / from[1])
  return strokes.map((stroke) => ({ ...stroke, points: stroke.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })) }))
}
