import { expect, test } from 'vitest'
import { PROTO, SCHEMA, type Op } from '@/sync/operation'
import shape from '../vectors/wire-shape.json'
import { FakeServer } from './fake-server'
import { assignInspection, makePhone } from './phone'

/** Every name in `value` is one the shape knows, and every name without `?` is there. */
function expectShape(value: object, names: string[]): void {
  const known = names.map((name) => name.replace('?', ''))
  expect(Object.keys(value).filter((name) => !known.includes(name))).toEqual([])
  expect(names.filter((name) => !name.endsWith('?') && !(name in value))).toEqual([])
}

test('this client speaks the protocol the shape describes', () => {
  expect([PROTO, SCHEMA]).toEqual([shape.proto, shape.schema])
})

test('what goes over the wire has the shape both ends agreed on', async () => {
  const server = new FakeServer()
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.pullAll()
  await phone.answer('PAX-01', { value: 'pass', note: '一' })
  await phone.pushAll()
  const push = server.requests.find((one) => one.path.endsWith('/push'))!.body as { ops: Op[] }
  expectShape(push, shape.push_request)
  expectShape(push.ops[0]!, shape.operation)
  expectShape(push.ops[0]!.fields, shape.fields['answer.set'])
  expectShape(server.requests.find((one) => one.path.endsWith('/pull'))!.body as object, shape.pull_request)
})
