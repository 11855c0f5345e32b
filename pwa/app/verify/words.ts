import type { Difference } from '@/domain/draw-differences'

/** The page's own words, in the reader's language: the server wrote them into its templates. */
export type Say = (word: string, values?: Record<string, string>) => string

export function wordsOf(root: ParentNode): Say {
  const words = new Map<string, string>()
  root.querySelectorAll<HTMLTemplateElement>('template[data-words]').forEach((template) => {
    template.content.querySelectorAll<HTMLElement>('[data-word]').forEach((one) => words.set(one.dataset.word!, one.textContent ?? ''))
  })
  return (word, values = {}) => (words.get(word) ?? word).replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place)
}

/** One difference as a sentence; the same words as `suicha draw verify`. */
export function sentenceOf(one: Difference, say: Say): string {
  return say('difference', { where: whereOf(one.path, say), what: whatOf(one, say), path: one.path })
}

function whereOf(path: string, say: Say): string {
  if (path === 'pool_sha256') return say('digest')
  if (path.startsWith('pool')) return say('pool')
  if (path.startsWith('quotas')) return say('quotas')
  const entry = /^(firms|assignments)(?:\[(\d+)\])?/.exec(path)
  if (!entry) return say('record')
  const [, list, place] = entry
  return place === undefined ? say(list!) : say(`${list}.entry`, { n: String(Number(place) + 1) })
}

function whatOf({ what, recorded, recomputed }: Difference, say: Say): string {
  return say(what, { recorded, recomputed, value: recorded, name: recorded, known: recomputed, why: say(recorded) })
}
