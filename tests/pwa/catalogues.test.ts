import { expect, test } from 'vitest'
import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()

test('both catalogues have the same keys', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
})

test.each(Object.keys(zh) as (keyof typeof zh)[])('%s has the same holes in both languages', (key) => {
  expect(holes(en[key])).toEqual(holes(zh[key]))
})

test('no Chinese is left in the English catalogue, no English sentence in the Chinese one', () => {
  for (const [key, text] of Object.entries(en)) expect(`${key} ${text}`).not.toMatch(/[一-鿿]/)
  for (const [key, text] of Object.entries(zh)) expect(`${key}: ${text}`).not.toMatch(/: .*[a-z]{4,} [a-z]{2,}/)
})
