import { describe, expect, test } from 'vitest'
import { buildDoorCode } from '@/domain/door-code'
import file from '../vectors/door-codes.json'

describe('door-codes.json', () => {
  test.each(file.cases)('$name', ({ token, code }) => {
    expect(buildDoorCode(token)).toBe(code)
  })
})
