/** Row `phrases:own` of the person's own space: what the department's office keeps for the notes. */
export interface PhrasesFields {
  department: string
  phrases: Phrase[]
}
export interface Phrase {
  text: string
  /** The check entry it is meant for; null for any. */
  item: string | null
}

/** Those meant for this entry first; those of other entries are left out. */
export function listPhrases(phrases: Phrase[], item: string): string[] {
  const of = (wanted: string | null) => phrases.filter((one) => one.item === wanted).map((one) => one.text)
  return [...new Set([...of(item), ...of(null)])]
}

const GAP = '…'

export interface Insertion {
  text: string
  /** What is to be selected afterwards: the first gap of the phrase, else the place behind it. */
  from: number
  to: number
}

/**
 * The phrase at the cursor, in place of nothing: a selection stays and the phrase goes behind it. Between two
 * sentences comes a semicolon, as an inspector writes them.
 */
export function insertPhrase(text: string, cursor: number, phrase: string): Insertion & { piece: string; at: number } {
  const at = Math.min(Math.max(cursor, 0), text.length)
  const before = text.slice(0, at)
  const after = text.slice(at)
  const piece = (/[^\s，。；：、！？（“]$/.test(before) ? '；' : '') + phrase + (/^[^\s，。；：、！？）”]/.test(after) ? '；' : '')
  const gap = piece.indexOf(GAP)
  const from = gap < 0 ? at + piece.length : at + gap
  return { text: before + piece + after, piece, at, from, to: gap < 0 ? from : from + GAP.length }
}
