import { expect, test } from 'vitest'
import { dumpCanonical } from '@/domain/canonical'
import { sha256Hex } from '@/domain/sha256'
import { hashBytes } from '@/net/tus'

test('keys are ordered by code point, not by UTF-16 unit', () => {
  expect(dumpCanonical({ '𠮷': 1, 'ﬀ': 2, b: [true, null], a: 'é' })).toBe('{"a":"é","b":[true,null],"ﬀ":2,"𠮷":1}')
})

test('a decomposed letter and a composed one have the same text', () => {
  expect(dumpCanonical('e\u0301')).toBe(dumpCanonical('é'))
})

test('a fraction has no canonical form', () => {
  expect(() => dumpCanonical(0.5)).toThrow(TypeError)
})

test.each(['', 'abc', '晋E12345 未随车携带道路运输证', 'a'.repeat(55), 'a'.repeat(56), 'a'.repeat(64), 'b'.repeat(1000)])(
  'the own SHA-256 equals the one of the browser (%#)',
  async (text) => {
    expect(sha256Hex(text)).toBe(await hashBytes(new TextEncoder().encode(text).buffer as ArrayBuffer))
  },
)
