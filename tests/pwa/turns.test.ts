import { expect, test } from 'vitest'
import { HELD_RETRY_MS } from '@/sync/ledger'
import { ownerOfMatter, turnOfEntry, turnOfPhoto } from '@/sync/turns'

const idle = { reason: '', nextTry: null }
const offline = { reason: 'offline.network', nextTry: 5_000 }
const held = (code: string) => ({ result: { op: 'o', status: 'held' as const, error: { code, message: '', details: {} } }, tried_at: 1_000 })

test('what waits is the phone\'s own to send, and says when it is tried again', () => {
  expect(turnOfEntry({ result: null, tried_at: null }, offline)).toEqual({ owner: 'phone', nextTry: 5_000 })
  expect(turnOfEntry({ result: null, tried_at: null }, idle)).toEqual({ owner: 'phone', nextTry: null })
  expect(turnOfPhoto({ next_try: 9_000, isPromised: true }, offline, 0)).toEqual({ owner: 'phone', nextTry: 9_000 })
  expect(turnOfPhoto({ next_try: 9_000, isPromised: false }, idle, 0)).toEqual({ owner: 'phone', nextTry: null })
})

test('where only the officer can clear the way, nothing is promised for later', () => {
  for (const reason of ['sign-in', 'upgrade']) {
    const stopped = { reason, nextTry: null }
    expect(turnOfEntry({ result: null, tried_at: null }, stopped)).toEqual({ owner: 'you', nextTry: null })
    expect(turnOfPhoto({ next_try: 9_000, isPromised: true }, stopped, 0)).toEqual({ owner: 'you', nextTry: null })
  }
})

test('what the server holds waits for earlier records of this phone, or for the server', () => {
  expect(turnOfEntry(held('sync.gap'), idle)).toEqual({ owner: 'phone', nextTry: 1_000 + HELD_RETRY_MS })
  expect(turnOfEntry(held('server.error'), idle).owner).toBe('server')
})

test('a refused or differing thing names whose turn it is until it is decided', () => {
  expect(ownerOfMatter('conflict', null, true)).toBe('team')
  expect(ownerOfMatter('conflict', null, false)).toBe(null)
  expect(['draft', 'submitted', 'approved', 'refused'].map((state) => ownerOfMatter('rejected_locked', state, false))).toEqual(['you', 'approver', null, null])
  expect([ownerOfMatter('forbidden', 'draft', false), ownerOfMatter('forbidden', 'refused', false)]).toEqual(['office', null])
  expect([ownerOfMatter('invalid', null, false), ownerOfMatter('photo', null, false), ownerOfMatter('receipt', null, false)]).toEqual(['you', 'you', 'office'])
})
