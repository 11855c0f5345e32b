// The big screen of a draw: asks once a second whether there is something new, and lets the names
// turn up at the pace of whoever holds the keyboard. It sends nothing.

const ASK_MS = 1000
const PLAY_MS = 2500
const KEYS = {
  ' ': 'next', ArrowRight: 'next', PageDown: 'next', // a presenter's remote sends the page keys
  ArrowLeft: 'back', PageUp: 'back',
  End: 'all', Home: 'first', p: 'play', P: 'play',
}

const bar = document.querySelector('.stage-bar')
const still = matchMedia('(prefers-reduced-motion: reduce)')
let stage = document.getElementById('stage')
let turns = []
let shown = 0
let playing = 0

const key = () => `screen-${stage.dataset.screen}`

/** Everything up to `count` stands there; what turned up last is large. One more than there are
    names is the closing. */
function show(count) {
  shown = Math.max(0, Math.min(count, turns.length + 1))
  sessionStorage.setItem(key(), shown)
  turns.forEach((turn, at) => turn.classList.toggle('hidden', at >= shown))
  const firms = [...stage.querySelectorAll('[data-turns] > li')]
  for (const firm of firms) {
    firm.classList.toggle('hidden', firm.querySelector('[data-turn]').classList.contains('hidden'))
    firm.removeAttribute('aria-current')
  }
  const isOver = shown > turns.length
  const firm = isOver ? undefined : turns[shown - 1]?.closest('li')
  firm?.setAttribute('aria-current', 'true')
  firm?.scrollIntoView({ block: 'nearest' })
  const now = stage.querySelector('[data-now]')
  now.replaceChildren(...(firm ? [...firm.children].map((one) => one.cloneNode(true)) : []))
  now.hidden = !firm
  stage.querySelector('[data-hint]').hidden = shown > 0
  stage.querySelector('[data-closing]').hidden = !isOver
  const seen = firms.filter((one) => !one.classList.contains('hidden')).length
  bar.querySelector('[data-count]').textContent = `${seen} / ${firms.length}`
  if (isOver) play(false)
}

const isSameFirm = (at) => turns[at].closest('li') === turns[at - 1].closest('li')

/** The next name; where motion is unwelcome a firm comes with all its officers at once. */
function next() {
  let count = shown + 1
  while (still.matches && count < turns.length && isSameFirm(count)) count += 1
  show(count)
}

function back() {
  let count = shown - 1
  while (still.matches && count > 0 && count < turns.length && isSameFirm(count)) count -= 1
  show(count)
}

function play(wanted) {
  clearInterval(playing)
  playing = wanted ? setInterval(next, PLAY_MS) : 0
  bar.querySelector('[data-do=play]').setAttribute('aria-pressed', String(wanted))
}

const DEEDS = {
  next, back, all: () => show(turns.length + 1), first: () => show(0), play: () => play(!playing),
}

function begin() {
  stage = document.getElementById('stage')
  turns = [...stage.querySelectorAll('[data-turn]')]
  for (const one of bar.querySelectorAll('[data-controls], [data-count]')) one.hidden = !turns.length
  if (turns.length) show(Number(sessionStorage.getItem(key()) ?? 0))
}

/** Whatever is new is taken from the page itself: words and languages stay in one place. */
async function renew() {
  const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.getElementById('stage')
  if (!answer.ok || !fresh) throw new Error('no stage')
  const before = stage.querySelectorAll('.dice > li:not(.blank)').length
  fresh.querySelectorAll('.dice > li:not(.blank)').forEach((one, at) => one.classList.toggle('new', at >= before))
  stage.replaceWith(document.adoptNode(fresh))
  begin()
}

async function ask() {
  try {
    const answer = await fetch(`${location.pathname}.json`)
    const told = await answer.json()
    if (told.mark !== stage.dataset.mark) await renew()
    bar.querySelector('[data-lost]').hidden = true
  } catch {
    bar.querySelector('[data-lost]').hidden = false
  }
  setTimeout(ask, ASK_MS)
}

bar.addEventListener('click', (event) => {
  const deed = DEEDS[event.target.closest('[data-do]')?.dataset.do]
  if (deed) deed()
})
document.addEventListener('keydown', (event) => {
  const deed = KEYS[event.key]
  const isPressed = event.key === ' ' && event.target.closest('button, a')
  if (!deed || !turns.length || isPressed || event.ctrlKey || event.altKey || event.metaKey) return
  event.preventDefault()
  DEEDS[deed]()
})

begin()
setTimeout(ask, ASK_MS)
