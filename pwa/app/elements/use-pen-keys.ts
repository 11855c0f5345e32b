import type SignaturePad from 'signature_pad'
import { computed, reactive } from 'vue'

const STEP = 8
const FINE_STEP = 2
const WAYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/**
 * A signature for whoever cannot draw with a finger: Space puts the pen down and lifts it, arrows move it. What is
 * written is strokes of the same kind as those of a hand: points in CSS pixels, with their time.
 */
export function usePenKeys(padOf: () => SignaturePad | null, canvasOf: () => HTMLCanvasElement | null) {
  const pen = reactive({ x: 24, y: 100, isDown: false, isShown: false })
  const place = computed(() => ({ left: `${pen.x}px`, top: `${pen.y}px` }))

  function press(event: KeyboardEvent): void {
    const pad = padOf()
    const canvas = canvasOf()
    if (!pad || !canvas) return
    const way = WAYS[event.key]
    if (event.key === ' ') {
      pen.isDown = !pen.isDown
      if (pen.isDown) mark(pad, true)
    } else if (way) {
      const step = event.shiftKey ? FINE_STEP : STEP
      pen.x = Math.min(canvas.offsetWidth - 2, Math.max(2, pen.x + way[0] * step))
      pen.y = Math.min(canvas.offsetHeight - 2, Math.max(2, pen.y + way[1] * step))
      if (pen.isDown) mark(pad, false)
    } else return
    event.preventDefault() // neither scrolls the screen meanwhile
  }

  /** One point more, in a stroke of its own where the pen was just put down. */
  function mark(pad: SignaturePad, isNew: boolean): void {
    const groups = pad.toData()
    const point = { x: pen.x, y: pen.y, pressure: 0.5, time: Date.now() }
    if (isNew || groups.length === 0) {
      const { penColor, dotSize, minWidth, maxWidth, velocityFilterWeight, compositeOperation } = pad
      groups.push({ penColor, dotSize, minWidth, maxWidth, velocityFilterWeight, compositeOperation, points: [point] })
    } else groups[groups.length - 1]!.points.push(point)
    pad.fromData(groups)
  }

  return { pen, place, press }
}
