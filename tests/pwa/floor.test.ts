import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { beforeAll, describe, expect, test } from 'vitest'
import { findNewerCss, findNewerScript, KNOWN_CSS, type Parse, type Styles } from './newer'

/** The browsers of docs/browsers.md: what is built asks for nothing that they lack, and what they lack is said. */
const PWA = fileURLToPath(new URL('../../pwa/', import.meta.url))
const BUILD = `${PWA}static/build/`
const FLOOR = readFileSync(`${PWA}app/public/floor.js`, 'utf8')
const { parse } = createRequire(`${PWA}package.json`)('acorn') as { parse: Parse }
const postcss = createRequire(`${PWA}package.json`)('postcss') as { parse: (text: string) => Styles }

const built = (ending: string) =>
  readdirSync(BUILD, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending)).map((name) => `${BUILD}${name}`)

describe('what is built fits Chrome 87 and Safari 15', () => {
  let scripts: string[] = []
  beforeAll(() => {
    scripts = built('.js')
    expect(scripts.length, 'make pwa/static/build/.ok').toBeGreaterThan(5)
  })

  test('scripts', () => {
    const found = scripts.flatMap((path) => findNewerScript(readFileSync(path, 'utf8'), parse).map((what) => `${path.slice(BUILD.length)}: ${what}`))
    expect(found).toEqual([])
  })

  test('styles, but for what is known to be done without', () => {
    const found = new Set(built('.css').flatMap((path) => findNewerCss(postcss.parse(readFileSync(path, 'utf8')))))
    expect([...found].sort()).toEqual(Object.keys(KNOWN_CSS).sort())
  })

  test('the check before the app is read by any browser', () => {
    expect(() => parse(FLOOR, { ecmaVersion: 5, sourceType: 'script' })).not.toThrow()
  })
})

/** What an officer waits for on one bar: the page with its scripts and styles, packed, before anything is drawn. */
test('no more than 90 KiB come before the first screen', () => {
  const page = readFileSync(`${BUILD}index.html`, 'utf8')
  const files = [...page.matchAll(/(?:src|href)="\/app\/([^"]+\.(?:js|css))"/g)].map(([, path]) => path!)
  expect(files.length).toBeGreaterThan(5)
  const bytes = ['index.html', ...files].map((path) => statSync(`${BUILD}${path}.br`).size)
  expect(bytes.reduce((a, b) => a + b)).toBeLessThanOrEqual(90 * 1024)
})

describe('the reader of scripts', () => {
  test.each([
    ['const a = [1].at(-1)', 'at()'],
    ['Object.hasOwn({}, "a")', 'hasOwn()'],
    ['const a = structuredClone({})', 'structuredClone'],
    ['const a = AbortSignal.timeout(5)', 'timeout()'],
    ['const a = new BroadcastChannel("x")', 'BroadcastChannel'],
    ['const a = /(?<=b)c/', 'regular expression /(?<=b)c/'],
    ['class A { static { f() } }', 'static block'],
    ['class A { #b; static c(d) { return #b in d } }', '#x in y'],
    ['await f()', 'await at the top'],
    ['const a = 1 |> f', 'no ES2022 module'],
  ])('finds %s', (text, what) => {
    expect(findNewerScript(text, parse).join()).toContain(what)
  })

  test.each([
    ['const a = "BroadcastChannel" in globalThis ? new BroadcastChannel("x") : null'],
    ['const a = AbortSignal.timeout?.(5)'],
    ['const wrapped = { toSorted(by) { return plain(this).toSorted(by) } }'],
    ['const a = b?.c ?? d; a ||= "x".replaceAll("y", ""); class A { #b = 1 }'],
  ])('takes %s', (text) => {
    expect(findNewerScript(text, parse)).toEqual([])
  })
})

/** A browser as the check sees it; `without` names what is taken away. */
function visit(without: string[] = [], agent = 'Mozilla/5.0 Chrome/87', path = '/app/') {
  const shown = new Set(path.endsWith('floor.html') ? ['cannot'] : []) // as its page comes
  let went = ''
  class Blob {
    arrayBuffer() {}
  }
  const thing: Record<string, unknown> = {
    isSecureContext: true, fetch: () => 0, AbortController: class {}, Blob, TextEncoder: class {}, indexedDB: {}, IDBKeyRange: {},
    crypto: { subtle: {} }, caches: {}, WeakRef: class {}, BigInt64Array: class {}, sessionStorage: { getItem: () => null, setItem: () => 0 },
    navigator: { userAgent: agent, serviceWorker: {} },
    location: { pathname: path, replace: (to: string) => (went = to) },
    document: {
      readyState: 'complete',
      createElement: () => ({ noModule: false }),
      getElementById: (id: string) => ({ removeAttribute: () => shown.add(id), setAttribute: () => shown.delete(id), querySelector: () => ({ addEventListener: () => 0 }) }),
    },
  }
  for (const name of without) {
    const [owner, member] = name.split('.') as [string, string?]
    if (member) delete (thing[owner] as Record<string, unknown>)[member]
    else thing[owner] = undefined // not deleted: this Node has it, too
  }
  if (without.includes('isSecureContext')) thing.isSecureContext = false
  const context = createContext({ ...thing })
  runInContext('var window = this', context)
  runInContext(FLOOR, context)
  return { went, shown: [...shown] }
}

describe('before the app starts', () => {
  test('with everything there it says nothing', () => {
    expect(visit()).toEqual({ went: '', shown: [] })
  })

  test.each([
    ['isSecureContext', 'lack-secure'],
    ['indexedDB', 'lack-store'],
    ['WeakRef', 'lack-modern'],
    ['AbortController', 'lack-basics'],
    ['crypto.subtle', 'lack-crypto'],
    ['crypto', 'lack-crypto'],
    ['navigator.serviceWorker', 'lack-offline'],
  ])('without %s it leads to the page that says so', (name, line) => {
    expect(visit([name])).toEqual({ went: '/app/floor.html', shown: [] })
    expect(visit([name], undefined, '/app/floor.html')).toEqual({ went: '', shown: ['cannot', line, 'has-lacks'] })
  })

  test('a page that did not come by https says only that', () => {
    const bare = visit(['isSecureContext', 'crypto.subtle', 'navigator.serviceWorker', 'caches'], undefined, '/app/floor.html')
    expect(bare.shown).toEqual(['cannot', 'lack-secure', 'has-lacks'])
  })

  test('on the page itself, when nothing is missing, the heading says so, and no other', () => {
    expect(visit([], undefined, '/app/floor.html').shown).toEqual(['has-all'])
  })

  test.each(['MicroMessenger/8.0', 'AliApp(DingTalk/7.0)'])('inside %s there is a hint', (agent) => {
    expect(visit([], agent).shown).toEqual(['in-app'])
    expect(visit(['indexedDB'], agent, '/app/floor.html').shown).toEqual(['cannot', 'lack-store', 'in-app', 'has-lacks'])
  })

  test('every line the check can show stands on its page', () => {
    const page = readFileSync(`${PWA}app/public/floor.html`, 'utf8')
    const names = [...FLOOR.matchAll(/need\('(\w+)'/g)].map((one) => `lack-${one[1]}`)
    for (const id of [...names, 'in-app', 'has-lacks', 'has-all', 'cannot']) expect(page).toContain(`id="${id}"`)
    expect(names.length).toBe(6)
  })
})
