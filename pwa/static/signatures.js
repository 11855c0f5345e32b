// A signature drawn on a page: <div data-signature><div class="pad"><canvas></canvas></div><input type=hidden></div>.
// Kept as strokes of points, not as a picture: whole CSS pixels and milliseconds, as a phone keeps it.

const STEP = 8
const FINE_STEP = 2
const NEAREST = 2 // px: a hand that rests writes no points
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Shows the boxes and makes them work; without a script the page says what to do instead. */
export function setUpSignatures() {
  for (const field of document.querySelectorAll('[data-signature]')) setUp(field)
}

function setUp(field) {
  const box = field.querySelector('.pad')
  const canvas = field.querySelector('canvas')
  const clear = field.querySelector('button')
  const kept = field.querySelector('input[type=hidden]')
  const pen = { x: 24, y: 80, isDown: false }
  const said = field.querySelector('[role=status]')
  let strokes = []
  let size = [0, 0]
  let start = 0

  box.hidden = false
  clear.hidden = false
  restore()
  new ResizeObserver(fit).observe(box)

  box.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    canvas.setPointerCapture(event.pointerId)
    box.focus({ preventScroll: true })
    begin(event.offsetX, event.offsetY)
  })
  box.addEventListener('pointermove', (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) go(event.offsetX, event.offsetY)
  })
  box.addEventListener('keydown', press)
  clear.addEventListener('click', () => {
    strokes = []
    pen.isDown = false
    keep()
  })

  /** For whoever cannot draw: Space puts the pen down and lifts it, arrows move it. */
  function press(event) {
    const way = WAYS[event.key]
    if (event.key === ' ') {
      pen.isDown = !pen.isDown
      said.textContent = pen.isDown ? said.dataset.down : said.dataset.up
      if (pen.isDown) begin(pen.x, pen.y)
      else draw()
    } else if (way) {
      const step = event.shiftKey ? FINE_STEP : STEP
      pen.x = Math.min(size[0] - 2, Math.max(2, pen.x + way[0] * step))
      pen.y = Math.min(size[1] - 2, Math.max(2, pen.y + way[1] * step))
      if (pen.isDown) go(pen.x, pen.y)
      else draw()
    } else return
    event.preventDefault()
  }

  function begin(x, y) {
    if (strokes.length === 0) start = Date.now()
    strokes.push([pointAt(x, y)])
    keep()
  }

  function go(x, y) {
    const stroke = strokes.at(-1)
    const last = stroke.at(-1)
    if (Math.hypot(x - last[0], y - last[1]) < NEAREST) return
    stroke.push(pointAt(x, y))
    keep()
  }

  function pointAt(x, y) {
    return [Math.round(x), Math.round(y), Math.max(0, Date.now() - start)]
  }

  function keep() {
    kept.value = strokes.length > 0 ? JSON.stringify({ strokes, size }) : ''
    draw()
  }

  /** A refused form comes back with what was drawn. */
  function restore() {
    try {
      const told = JSON.parse(kept.value)
      strokes = told.strokes
      size = told.size
    } catch {
      strokes = []
    }
  }

  /** A turned screen makes another box: what is written goes along, in its shape. */
  function fit() {
    const now = [box.clientWidth, box.clientHeight]
    if (now[0] === 0) return
    if (size[0] > 0 && (now[0] !== size[0] || now[1] !== size[1])) {
      const scale = Math.min(now[0] / size[0], now[1] / size[1])
      strokes = strokes.map((stroke) => stroke.map(([x, y, t]) => [Math.round(x * scale), Math.round(y * scale), t]))
    }
    size = now
    keep()
  }

  function draw() {
    const ratio = Math.max(1, devicePixelRatio)
    canvas.width = size[0] * ratio
    canvas.height = size[1] * ratio
    const ink = canvas.getContext('2d')
    ink.scale(ratio, ratio)
    ink.strokeStyle = ink.fillStyle = getComputedStyle(canvas).color
    ink.lineWidth = 2.5
    ink.lineCap = ink.lineJoin = 'round'
    for (const stroke of strokes) {
      ink.beginPath()
      ink.moveTo(stroke[0][0], stroke[0][1])
      for (const [x, y] of stroke.length > 1 ? stroke : [...stroke, stroke[0]]) ink.lineTo(x, y)
      ink.stroke()
    }
    if (box.matches(':focus-visible') && !box.matches(':active')) mark(ink)
  }

  /** Where the pen of the keys is: open while it is lifted. */
  function mark(ink) {
    ink.beginPath()
    ink.lineWidth = 1.5
    ink.arc(pen.x, pen.y, 5, 0, 2 * Math.PI)
    if (pen.isDown) ink.fill()
    else ink.stroke()
  }
}
