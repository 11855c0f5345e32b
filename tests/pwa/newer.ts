/** Finds in built files what Chrome 87 or Safari 15 does not know. Versions are those that brought it. */
export type Parse = (text: string, options: Record<string, unknown>) => Node
/** What is read of a stylesheet's tree (postcss). */
export interface Styles {
  walkRules(see: (rule: { selector: string; parent?: { type: string } }) => void): void
  walkDecls(see: (one: { prop: string; value: string }) => void): void
  walkAtRules(see: (rule: { name: string; params: string }) => void): void
}
export interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

const METHODS = new Map(Object.entries({
  at: 'Chrome 92', findLast: 'Chrome 97', findLastIndex: 'Chrome 97', hasOwn: 'Chrome 93', randomUUID: 'Chrome 92', toSorted: 'Chrome 110',
  toReversed: 'Chrome 110', toSpliced: 'Chrome 110', groupBy: 'Chrome 117', withResolvers: 'Chrome 119', fromAsync: 'Chrome 121',
  timeout: 'Chrome 103', throwIfAborted: 'Chrome 100', isWellFormed: 'Chrome 111', toWellFormed: 'Chrome 111',
  showPicker: 'Chrome 99', checkVisibility: 'Chrome 105', toBase64: 'Chrome 140', fromBase64: 'Chrome 140', setFromBase64: 'Chrome 140',
}))
const GLOBALS = new Map(Object.entries({
  structuredClone: 'Chrome 98', BroadcastChannel: 'Safari 15.4', CompressionStream: 'Safari 16.4', DecompressionStream: 'Safari 16.4',
  OffscreenCanvas: 'Safari 16.4', requestIdleCallback: 'no Safari', reportError: 'Chrome 95', scheduler: 'Chrome 94', CSSStyleSheet: 'Safari 16.4',
}))
/** A later addition with a plain name that our own objects have too is found by where it hangs. */
const OWNERS = new Map(Object.entries({ timeout: ['AbortSignal'], groupBy: ['Object', 'Map'], hasOwn: ['Object'], fromAsync: ['Array'] }))

export function findNewerScript(text: string, parse: Parse): string[] {
  let tree: Node
  try {
    tree = parse(text, { ecmaVersion: 2022, sourceType: 'module' })
  } catch (error) {
    return [`no ES2022 module: ${String(error)}`]
  }
  const found: string[] = []
  walk(tree, [], (node, above) => {
    const isTop = !above.some((one) => /Function|PropertyDefinition/.test(one.type))
    if (isTop && (node.type === 'AwaitExpression' || node.await === true)) found.push('await at the top: Chrome 89')
    if (node.type === 'StaticBlock') found.push('static block: Chrome 94')
    if (node.type === 'BinaryExpression' && (node.left as Node).type === 'PrivateIdentifier') found.push('#x in y: Chrome 91')
    const pattern = node.regex as { pattern: string; flags: string } | undefined
    if (pattern && (/\(\?<[=!]/.test(pattern.pattern) || /[dv]/.test(pattern.flags))) found.push(`regular expression /${pattern.pattern}/${pattern.flags}`)
    if (node.type === 'CallExpression' && !node.optional) {
      const callee = node.callee as Node
      const name = callee.type === 'MemberExpression' && !callee.computed ? nameOf(callee.property as Node) : ''
      const owners = OWNERS.get(name)
      const isOurs = owners && !owners.includes(nameOf(callee.object as Node))
      if (METHODS.has(name) && !isOurs && !isWrapper(name, above)) found.push(`${name}(): ${METHODS.get(name)}`)
    }
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      const name = nameOf(node.callee as Node)
      if (GLOBALS.has(name) && !isAskedFor(name, above, text)) found.push(`${name}: ${GLOBALS.get(name)}`)
    }
  })
  return found
}

/** `toSorted(by) { return plain(this).toSorted(by) }` is called where somebody calls it, and only there. */
function isWrapper(name: string, above: Node[]): boolean {
  return above.some((one) => (one.type === 'Property' || one.type === 'MethodDefinition') && nameOf(one.key as Node) === name)
}

/** Whether a condition around it names it. */
function isAskedFor(name: string, above: Node[], text: string): boolean {
  return above.some((one) => {
    const test = (one.type === 'LogicalExpression' ? one.left : one.test) as Node | undefined
    return test !== undefined && test !== null && text.slice(test.start, test.end).includes(name)
  })
}

function nameOf(node: Node): string {
  return node.type === 'Identifier' ? String(node.name) : ''
}

function walk(node: Node, above: Node[], see: (node: Node, above: Node[]) => void): void {
  see(node, above)
  const inner = [...above, node]
  for (const value of Object.values(node)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && typeof one === 'object' && typeof (one as Node).type === 'string') walk(one as Node, inner, see)
    }
  }
}

/** Newer than the floor, and what happens without it. */
export const KNOWN_CSS: Record<string, string> = {
  ':has()': 'Chrome 105, Safari 15.4: @supports shows the radio itself, and the focus by :focus-within',
  'field-sizing': 'Chrome 123: a text field scrolls',
  'accent-color': 'Chrome 93, Safari 15.4: the colour of the system',
  'aspect-ratio': 'Chrome 88: @supports gives a height',
  'overflow-wrap: anywhere': 'Safari 15.4: word-break stands before it',
  'content-visibility': 'Safari 18: every card of the list is laid out at once',
}

const SELECTORS: [RegExp, string][] = [
  [/:has\(/, ':has()'], [/:is\(/, ':is()'], [/:where\(/, ':where()'], [/:modal|:popover-open|:user-(in)?valid|:state\(/, 'new state'], [/(^|[\s,>])&/, 'nesting'],
]
const PROPERTIES =
  /^(field-sizing|accent-color|aspect-ratio|translate|rotate|scale|content-visibility|container(-.*)?|text-wrap.*|scrollbar-(color|gutter|width)|view-transition.*|animation-(timeline|range).*|anchor.*|position-.*|interpolate-size|word-break-.*|offset|inset-area|hyphenate-.*|color-scheme-.*|font-palette|math-depth|overflow-clip-margin|object-view-box|corner-.*|mask)$/
const VALUES: [RegExp, string][] = [
  [/\b\d+[dsl]v[hwib]\b/, 'dvh'], [/color-mix\(|light-dark\(|ok(lch|lab)\(|\b(lch|lab)\(|\bcolor\(/, 'new colour'], [/^anywhere$/, 'overflow-wrap: anywhere'],
  [/\b(round|rem|mod|sin|cos|tan|pow|sqrt|hypot|abs|sign)\(/, 'new maths'], [/\bsubgrid\b/, 'subgrid'], [/^overflow: clip$/, 'clip'], [/image-set\(/, 'image-set()'],
]

export function findNewerCss(root: Styles): string[] {
  const found = new Set<string>()
  root.walkRules((rule) => {
    for (const [pattern, name] of SELECTORS) if (pattern.test(rule.selector)) found.add(name)
    if (rule.parent?.type === 'rule') found.add('nesting')
  })
  root.walkDecls((one) => {
    if (one.prop.startsWith('--')) return
    if (PROPERTIES.test(one.prop)) found.add(one.prop)
    for (const [pattern, name] of VALUES) if (pattern.test(one.value)) found.add(name)
  })
  root.walkAtRules((rule) => {
    if (['container', 'layer', 'property', 'scope', 'starting-style', 'position-try', 'view-transition'].includes(rule.name)) found.add(`@${rule.name}`)
    if (rule.name === 'media' && /[<>]/.test(rule.params)) found.add('@media with <')
  })
  return [...found]
}
