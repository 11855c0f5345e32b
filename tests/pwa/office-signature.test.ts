// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'

// A window without a layout and without ink: the box has its size, what is painted is the browser's matter.
const SIZE = { clientWidth: 300, clientHeight: 160 }
for (const [name, value] of Object.entries(SIZE)) Object.defineProperty(HTMLElement.prototype, name, { get: () => value })
HTMLCanvasElement.prototype.getContext = (() => new Proxy({}, { get: () => () => undefined, set: () => true })) as never
vi.stubGlobal('ResizeObserver', class {
  constructor(private readonly tell: () => void) {}
  observe(): void {
    this.tell()
  }
})

/** A page with one place to sign; `value`: what a refused form brings back. */
async function open(value = ''): Promise<void> {
  document.body.innerHTML = `<div data-signature><div class="pad" tabindex="0" hidden><canvas></canvas></div>
    <p role="status" data-down="已落笔" data-up="已抬笔"></p><button type="button" hidden>清除重写</button>
    <input type="hidden" name="signature"></div>`
  field<HTMLInputElement>('input').value = value
  // @ts-expect-error the office pages' scripts are plain JavaScript
  const { setUpSignatures } = (await import('../../pwa/static/signatures.js')) as { setUpSignatures: () => void }
  setUpSignatures()
}

const field = <T extends Element = HTMLElement>(css: string) => document.querySelector<T>(css)!
const kept = () => JSON.parse(field<HTMLInputElement>('input').value) as { strokes: number[][][]; size: number[] }
const press = (...keys: string[]) => {
  for (const key of keys) field('.pad').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
}

beforeEach(() => open())

test('the box appears where a script runs, empty until somebody writes', () => {
  expect([field('.pad').hidden, field('button').hidden]).toEqual([false, false])
  expect(field<HTMLInputElement>('input').value).toBe('')
})

test('keys write strokes: Space puts the pen down and lifts it, arrows move it', () => {
  press(' ', 'ArrowRight', 'ArrowRight', ' ', 'ArrowDown', ' ', 'ArrowLeft')
  const { strokes, size } = kept()
  expect(size).toEqual([300, 160])
  expect(strokes.map((stroke) => stroke.map(([x, y]) => [x, y]))).toEqual([
    [[24, 80], [32, 80], [40, 80]],
    [[40, 88], [32, 88]],
  ])
  expect(strokes.flat().every((point) => point.length === 3 && point.every(Number.isInteger))).toBe(true)
  expect(field('[role=status]').textContent).toBe('已落笔')
})

test('the pen of the keys stays in its box', () => {
  press(' ', ...Array<string>(60).fill('ArrowRight'))
  expect(Math.max(...kept().strokes.flat().map(([x]) => x!))).toBe(298)
})

test('clearing leaves nothing to send', () => {
  press(' ', 'ArrowRight')
  field('button').click()
  expect(field<HTMLInputElement>('input').value).toBe('')
})

test('a refused form brings back what was drawn, fitted to the box of now', async () => {
  await open(JSON.stringify({ strokes: [[[20, 40, 0], [600, 200, 90]]], size: [600, 320] }))
  expect(kept()).toEqual({ strokes: [[[10, 20, 0], [300, 100, 90]]], size: [300, 160] })
  await open('no drawing')
  expect(field<HTMLInputElement>('input').value).toBe('')
})
