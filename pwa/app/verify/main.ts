import { judge, type Published, type Step, type Verdict } from './steps'
import { sentenceOf, wordsOf } from './words'

/**
 * Recomputes a draw on the visitor's own device. Nothing is uploaded: a record is fetched from this site or read from
 * a file, and everything after that happens here. Works on the parts that `public/verify.html` rendered.
 */
const SHOWN_DIFFERENCES = 20
const HELD_BACK = 403

/** The county names the firms later, and the record with them. */
class HeldBack extends Error {}

function setUp(root: HTMLElement): void {
  const say = wordsOf(root)
  const outcome = root.querySelector<HTMLElement>('[data-outcome]')!
  const run = root.querySelector<HTMLButtonElement>('[data-run]')
  const published: Published = { drawId: root.dataset.id!, digest: root.dataset.digest! }
  const file = root.querySelector<HTMLInputElement>('input[type=file]')!
  root.querySelector<HTMLElement>('[data-live]')!.hidden = false

  run?.addEventListener('click', () => void attempt(async () => {
    // A browser may keep the file for a year; whether it still is what the server has is what is asked here.
    const answer = await fetch(root.dataset.record!, { headers: { Accept: 'application/json' }, cache: 'no-cache' })
    if (answer.status === HELD_BACK) throw new HeldBack()
    if (!answer.ok) throw new Error(String(answer.status))
    return answer.text()
  }))
  file.addEventListener('change', () => {
    const chosen = file.files?.[0]
    if (chosen) void attempt(() => chosen.text())
  })

  async function attempt(read: () => Promise<string>): Promise<void> {
    const controls = [...root.querySelectorAll<HTMLButtonElement | HTMLInputElement>('[data-live] button, [data-live] input')]
    for (const one of controls) one.disabled = true
    show(text('p', say('working')))
    await painted()
    try {
      const verdict = judgeText(await read(), published)
      if (verdict) tell(verdict)
      else show(notice('not_json'))
    } catch (error) {
      if (error instanceof HeldBack) show(notice('held'))
      else show(notice('not_read', { why: (error as Error).message }))
    } finally {
      for (const one of controls) one.disabled = false
      file.value = '' // the same file can be chosen again
    }
  }

  function tell(verdict: Verdict): void {
    const { differences, isPublished } = verdict
    const isEqual = differences.length === 0 && isPublished !== false
    const parts: Node[] = [notice(isEqual ? 'equal' : 'different', { id: verdict.drawId, n: String(differences.length) })]
    if (isPublished === false) parts.push(text('p', say('other_digest')))
    if (differences[0]) parts.push(text('p', say('first', { what: sentenceOf(differences[0], say) })))
    parts.push(stepList(verdict.steps))
    if (differences.length > 1) parts.push(rest(verdict))
    show(...parts)
  }

  function rest({ differences }: Verdict): HTMLElement {
    const fold = part('rest', { n: String(differences.length) })
    const list = document.createElement('ul')
    for (const one of differences.slice(0, SHOWN_DIFFERENCES)) list.append(text('li', sentenceOf(one, say)))
    if (differences.length > SHOWN_DIFFERENCES) list.append(text('li', say('more', { n: String(differences.length - SHOWN_DIFFERENCES) })))
    fold.append(list)
    return fold
  }

  function stepList(steps: Step[]): HTMLElement {
    const list = document.createElement('ol')
    list.className = 'timeline'
    for (const { name, state, values } of steps) {
      const item = part(`step-${state}`)
      item.querySelector('[data-what]')!.textContent = say(`step.${name}`)
      item.querySelector('[data-note]')!.textContent = say(state === 'same' ? `step.${name}.same` : `step.${state}`, values)
      list.append(item)
    }
    return list
  }

  function notice(name: string, values: Record<string, string> = {}): HTMLElement {
    return part(`notice-${name}`, values)
  }

  /** A copy of a rendered part, its places filled. */
  function part(name: string, values: Record<string, string> = {}): HTMLElement {
    const template = root.querySelector<HTMLTemplateElement>(`template[data-part="${name}"]`)!
    const copy = template.content.firstElementChild!.cloneNode(true) as HTMLElement
    fill(copy, values)
    return copy
  }

  function show(...parts: Node[]): void {
    outcome.replaceChildren(...parts)
  }
}

/** null for what is no JSON at all. */
function judgeText(content: string, published: Published): Verdict | null {
  let record: unknown
  try {
    record = JSON.parse(content)
  } catch {
    return null
  }
  return judge(record, published)
}

function fill(node: Node, values: Record<string, string>): void {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const one = walker.currentNode as Text
    if (one.data.includes('{')) one.data = one.data.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place)
  }
}

function text(tag: 'p' | 'li', content: string): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = content
  return element
}

/** The word "working" is on the screen before the processor is busy. */
function painted(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
}

document.querySelectorAll<HTMLElement>('[data-verify]').forEach(setUp)
