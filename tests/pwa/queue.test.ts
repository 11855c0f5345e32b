import { expect, test } from 'vitest'
import { makeUuid7 } from '@/domain/uuid'
import { recordOps } from '@/storage/outbox'
import { LISTED } from '@/storage/queue-source'
import { readQueue } from '@/storage/read-queue'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'

test('of thousands that wait the first are listed and the rest is counted, behind what was answered', async () => {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  const answers = (n: number) =>
    Array.from({ length: n }, (_, at) => ({
      op: makeUuid7(), kind: 'answer.set' as const, space: 'insp:42', entity: `answer:tr/PAX-${at}`, fields: { note: '备注' },
    }))
  await recordOps(phone.db, answers(250))
  await phone.pushAll()
  await recordOps(phone.db, answers(LISTED + 30))
  const { waiting, more, matters } = await readQueue(phone.db)
  expect(waiting.map((entry) => entry.seq)).toEqual(Array.from({ length: LISTED }, (_, at) => 251 + at))
  expect(waiting[0]!.firm).toBe('阳城县顺达客运有限公司')
  expect(more).toEqual({ waiting: 30, photos: 0 })
  expect(matters).toEqual([])
})
