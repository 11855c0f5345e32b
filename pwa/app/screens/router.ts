import { nextTick, ref } from 'vue'
import { Way, type Mark } from './way'
import { settleWrites } from './writes'

/** Where the app is: `#/i/42/tr/0` → name `section`, its parameters beside it. */
export interface Route {
  name: 'today' | 'inspection' | 'section' | 'sign' | 'review' | 'results' | 'outcome' | 'notice' | 'queue' | 'settings' | 'day' | 'inbox'
  inspection: string
  sheet: string
  section: number
  item: string
}

const NOWHERE: Route = { name: 'today', inspection: '', sheet: '', section: 0, item: '' }

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [head = '', inspection = '', sheet = '', tail = ''] = path.split('/').map(decodeURIComponent)
  if (head === 'queue' || head === 'settings' || head === 'day' || head === 'inbox') return { ...NOWHERE, name: head }
  if (head !== 'i' || inspection === '') return NOWHERE
  const here = { ...NOWHERE, inspection, sheet, item: new URLSearchParams(query).get('item') ?? '' }
  if (sheet === '') return { ...here, name: 'inspection' }
  if (tail === 'sign' || tail === 'review' || tail === 'results' || tail === 'outcome' || tail === 'notice') return { ...here, name: tail }
  return { ...here, name: 'section', section: Number.parseInt(tail, 10) || 0 }
}

export const route = ref<Route>(NOWHERE)
/** True while the way to the next screen waits for a write. */
export const isLeaving = ref(false)

let isStarted = false
let moves = 0
/** Nobody has gone anywhere yet: the page's own beginning is where reading begins. */
export const isFirstScreen = (): boolean => moves === 0

let way = new Way('', 0)
let top = 0
/** Gone back to: the screen stands where it was left, not at its beginning nor at the entry of its address. */
export const isReturn = (): boolean => top > 0

/** Follows the address. Every tap is on disk before the next screen: the way waits for open writes. */
export function startRouter(): void {
  if (isStarted) return
  isStarted = true
  route.value = parseRoute(location.hash)
  history.scrollRestoration = 'manual' // it would scroll the screen that is left
  way = new Way(location.hash, performance.timeOrigin)
  history.replaceState(way.mark, '')
  addEventListener('hashchange', () => {
    isLeaving.value = true
    top = way.arrive(location.hash, scrollY, history.state as Partial<Mark> | null)
    history.replaceState(way.mark, '')
    void settleWrites().then(() => {
      isLeaving.value = false
      moves += 1
      route.value = parseRoute(location.hash)
      if (top > 0) standAt(top, moves)
    })
  })
}

/** A long screen is drawn piece by piece: no longer than this is waited until it is long enough. */
const DRAWN_MS = 3_000

function standAt(place: number, move: number): void {
  const latest = performance.now() + DRAWN_MS
  const look = () => {
    if (move !== moves) return
    const isLongEnough = document.documentElement.scrollHeight >= place + innerHeight
    if (isLongEnough || performance.now() > latest) scrollTo(0, place)
    else requestAnimationFrame(look)
  }
  void nextTick(() => requestAnimationFrame(look))
}

/** The app's own "back" is the phone's where it leads to the same screen: pressing both does not go round in a circle. */
export function stepBack(event: Event, href: string): void {
  // The queue opens over any screen, by the bar under the thumb: back is where one was.
  if (!way.isBehind(href) && !(route.value.name === 'queue' && way.hasBehind)) return
  event.preventDefault()
  history.back()
}

export function linkTo(inspection: string, ...rest: (string | number)[]): string {
  return `#/i/${[inspection, ...rest].map((part) => encodeURIComponent(String(part))).join('/')}`
}
