import { compareCodePoints } from './canonical'

/** How a place of a record differs from its recomputation (docs/draw.md §8). */
export type What = 'missing' | 'unknown_field' | 'unknown_algorithm' | 'unreadable' | 'refused' | 'count' | 'value'

/**
 * One place. `recorded` and `recomputed` are JSON texts, cut when long; for `unreadable` `recomputed` says what
 * belongs there, for `refused` `recorded` is the code of the fault.
 */
export interface Difference {
  path: string
  what: What
  recorded: string
  recomputed: string
}

/** What no draw is made of (docs/draw.md §8.4). */
export class DrawRefused extends Error {
  constructor(readonly code: string, readonly about = '') {
    super(code)
  }
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

const SHOWN_CHARACTERS = 120

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member of its own, never one that every object inherits: a record may name `constructor`. */
export function has(object: JsonObject, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(object, name)
}

/** Objects key by key, sorted; of lists the length first; everything else by value. */
export function compare(path: string, recorded: Json, recomputed: Json, found: Difference[]): void {
  if (isObject(recorded) && isObject(recomputed)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(recomputed)])].sort(compareCodePoints)
    for (const key of keys) {
      const here = `${path}.${key}`
      if (!has(recorded, key)) found.push(difference(here, 'missing'))
      else if (!has(recomputed, key)) found.push(difference(here, 'unknown_field'))
      else compare(here, recorded[key]!, recomputed[key]!, found)
    }
  } else if (Array.isArray(recorded) && Array.isArray(recomputed)) {
    if (recorded.length !== recomputed.length) {
      found.push(difference(path, 'count', String(recorded.length), String(recomputed.length)))
    }
    const shared = Math.min(recorded.length, recomputed.length)
    for (let i = 0; i < shared; i += 1) compare(`${path}[${i}]`, recorded[i]!, recomputed[i]!, found)
  } else if (recorded !== recomputed) {
    found.push(difference(path, 'value', shown(recorded), shown(recomputed)))
  }
}

export function difference(path: string, what: What, recorded = '', recomputed = ''): Difference {
  return { path, what, recorded, recomputed }
}

export function shown(value: unknown): string {
  let text: string
  try {
    text = JSON.stringify(value) ?? '…'
  } catch {
    text = '…' // nested deeper than this browser follows
  }
  const letters = [...text]
  return letters.length > SHOWN_CHARACTERS ? `${letters.slice(0, SHOWN_CHARACTERS).join('')}…` : text
}
