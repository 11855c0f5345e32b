import { ref } from 'vue'
import { settleWrites } from './writes'

/** Where the app is: `#/i/42/tr/0` → name `section`, its parameters beside it. */
export interface Route {
  name: 'today' | 'inspection' | 'section' | 'sign' | 'review' | 'results' | 'outcome' | 'notice' | 'queue' | 'settings'
  inspection: string
  sheet: string
  section: number
  item: string
}

const NOWHERE: Route = { name: 'today', inspection: '', sheet: '', section: 0, item: '' }

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [head = '', inspection = '', sheet = '', tail = ''] = path.split('/').map(decodeURIComponent)
  if (head === 'queue' || head === 'settings') return { ...NOWHERE, name: head }
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

/** Follows the address. Every tap is on disk before the next screen: the way waits for open writes. */
export function startRouter(): void {
  if (isStarted) return
  isStarted = true
  route.value = parseRoute(location.hash)
  addEventListener('hashchange', () => {
    isLeaving.value = true
    void settleWrites().then(() => {
      isLeaving.value = false
      moves += 1
      route.value = parseRoute(location.hash)
    })
  })
}

export function linkTo(inspection: string, ...rest: (string | number)[]): string {
  return `#/i/${[inspection, ...rest].map((part) => encodeURIComponent(String(part))).join('/')}`
}
