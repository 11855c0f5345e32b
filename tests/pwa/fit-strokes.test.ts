import { expect, test } from 'vitest'
import { fitStrokes } from '@/elements/fit-strokes'

test('a signature written on a turned phone keeps its shape and stays inside the box it is saved with', () => {
  const written = [{ penColor: 'ink', points: [{ x: 600, y: 10, time: 1 }, { x: 300, y: 150, time: 2 }] }]
  const [stroke] = fitStrokes(written, [640, 160], [320, 160])
  expect(stroke).toEqual({ penColor: 'ink', points: [{ x: 300, y: 5, time: 1 }, { x: 150, y: 75, time: 2 }] })
  expect(fitStrokes(written, [320, 160], [640, 160])).toEqual(written)
})
