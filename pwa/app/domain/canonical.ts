/** A value JSON can hold without fractions. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain | undefined }

/**
 * Canonical JSON (protocol §13.1): keys by code point, no blanks, integers only, strings in NFC.
 * The same text comes out in Python, so the same hash does. Absent (`undefined`) members are left out.
 * Throws on a fraction: a decimal must already be a string.
 */
export function dumpCanonical(value: Plain): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`not a safe integer: ${value}`)
    return Object.is(value, -0) ? '0' : String(value)
  }
  if (typeof value === 'string') return dumpString(value)
  if (Array.isArray(value)) return `[${value.map(dumpCanonical).join(',')}]`
  const members = Object.entries(value)
    .filter((pair): pair is [string, Plain] => pair[1] !== undefined)
    .map(([key, member]) => [key.normalize('NFC'), member] as const)
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([key, member]) => `${dumpString(key)}:${dumpCanonical(member)}`)
  return `{${members.join(',')}}`
}

function dumpString(text: string): string {
  // JSON.stringify escapes lone surrogates, Python would not encode them at all: they cannot be typed.
  return JSON.stringify(text.normalize('NFC'))
}

/** JavaScript sorts by UTF-16 unit, which puts 𠮷 (U+20BB7) before ﬀ (U+FB00); Python sorts by code point. */
export function compareCodePoints(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  const shared = Math.min(left.length, right.length)
  for (let i = 0; i < shared; i += 1) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
