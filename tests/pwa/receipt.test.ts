import { describe, expect, test } from 'vitest'
import { parseBase64Url } from '@/domain/base64url'
import { dumpCanonical, type Plain } from '@/domain/canonical'
import { verifyEd25519, type Importer } from '@/domain/ed25519'
import { checkReceipt, type CustodyKeys } from '@/domain/receipt'
import vectors from '../vectors/custody.json'

const KEYS: CustodyKeys = Object.fromEntries(vectors.keys.keys.map((one) => [one.key_id, one.public_key]))
const [FIRST] = vectors.valid as unknown as { name: string; document: Record<string, unknown>; text: string }[]

/** A WebView of before Chrome 137: it has WebCrypto, and no Ed25519 in it. */
const OLD: Importer = {
  importKey: () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')),
  verify: () => Promise.reject(new Error('no key was given out')),
}
const WAYS: [string, Importer][] = [['WebCrypto', crypto.subtle], ['the library', OLD]]

interface Change {
  path: (string | number)[]
  value?: unknown
  remove?: boolean
}

/** A copy of the first valid receipt with this one change. */
function alter(change: Change): Record<string, unknown> {
  const document = structuredClone(FIRST!.document)
  const last = change.path.at(-1)!
  const place = change.path.slice(0, -1).reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, document)
  if (change.remove) Reflect.deleteProperty(place, last)
  else place[last] = change.value
  return document
}

function leavesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, one]) => leavesOf(one, [...path, name]))
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'boolean') return !value
  return typeof value === 'number' ? value + 1 : `${String(value).slice(0, -1)}${String(value).endsWith('0') ? '1' : '0'}`
}

describe.each(WAYS)('custody.json by %s', (_, subtle) => {
  test.each(vectors.valid)('$name is good', async ({ document, text }) => {
    expect(dumpCanonical(document.receipt as Plain)).toBe(text)
    expect(await checkReceipt(document, KEYS, subtle)).toBeNull()
  })

  test.each(vectors.altered)('$name: $fault', async ({ fault, ...change }) => {
    expect(await checkReceipt(alter(change as Change), KEYS, subtle)).toBe(fault)
  })

  test('a key that is not what its id says proves nothing', async () => {
    const { key_id, public_key, signature, fault } = vectors.forged_key
    expect(await checkReceipt({ ...FIRST!.document, signature }, { ...KEYS, [key_id]: public_key }, subtle)).toBe(fault)
  })

  test('any member changed is found', async () => {
    const paths = leavesOf(FIRST!.document)
    expect(paths.length).toBeGreaterThan(20)
    for (const path of paths) {
      const before = path.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], FIRST!.document)
      expect(await checkReceipt(alter({ path, value: otherThan(before) }), KEYS, subtle), path.join('.')).not.toBeNull()
    }
  })

  test('one bit of the message, the signature or the key is enough', async () => {
    const key = parseBase64Url(KEYS[FIRST!.document.key_id as string])!
    const signature = parseBase64Url(FIRST!.document.signature)!
    const message = new TextEncoder().encode(FIRST!.text)
    expect(await verifyEd25519(key, signature, message, subtle)).toBe(true)
    const flip = (bytes: Uint8Array<ArrayBuffer>, at: number) => bytes.map((byte, n) => (n === at ? byte ^ 1 : byte))
    for (let at = 0; at < 64; at += 1) expect(await verifyEd25519(key, flip(signature, at), message, subtle), `signature ${at}`).toBe(false)
    for (let at = 0; at < message.length; at += 37) expect(await verifyEd25519(key, signature, flip(message, at), subtle), `message ${at}`).toBe(false)
    for (let at = 0; at < 32; at += 5) expect(await verifyEd25519(flip(key, at), signature, message, subtle), `key ${at}`).toBe(false)
    expect(await verifyEd25519(key.slice(1), signature, message, subtle)).toBe(false)
    expect(await verifyEd25519(key, signature.slice(1), message, subtle)).toBe(false)
  })
})

test.each([null, 'text', 7, [], {}])('%j is no receipt', async (body) => {
  expect(await checkReceipt(body, KEYS)).toBe('custody.wrong_shape')
})

test('base64url is read in one way only', () => {
  expect(parseBase64Url('_-8')).toEqual(new Uint8Array([255, 239]))
  for (const text of ['_-9', '_-8=', '/+8', '_-8\n', 'A', 7, null, undefined]) expect(parseBase64Url(text)).toBeNull()
})
