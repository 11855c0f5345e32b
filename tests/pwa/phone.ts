import type { Item } from '@/domain/checklists'
import type { Net } from '@/net/http'
import { openPersonDb, type Database } from '@/storage/db'
import { recordOps } from '@/storage/outbox'
import { adoptDevice, putServerState } from '@/storage/state'
import { fetchReceipts } from '@/sync/custody'
import { enterScope } from '@/sync/pages'
import { pullOnce } from '@/sync/pull'
import { newPace, pushOnce, type PushPace } from '@/sync/push'
import type { Outcome } from '@/sync/outcome'
import type { FakeServer } from './fake-server'

let nextPerson = 1000

/** A phone with a fresh database, signed in to the fake server as its person. */
export async function makePhone(server: FakeServer, device = 'dev_a'): Promise<Phone> {
  nextPerson += 1
  const db = await openPersonDb(nextPerson)
  await adoptDevice(db, device)
  await db.put('meta', 8, 'person')
  await enterScope(db, ['user:8'])
  await putServerState(db, { epoch: server.epoch, csrf: 'token' })
  return new Phone(db, server)
}

export class Phone {
  pace: PushPace = newPace()
  clock = Date.parse('2026-03-04T16:40:00+08:00')
  readonly net: Net

  constructor(
    readonly db: Database,
    readonly server: FakeServer,
  ) {
    this.net = { fetch: server.fetch, now: () => this.clock }
  }

  answer(item: string, fields: Record<string, never> | object, space = 'insp:42') {
    return recordOps(this.db, [{ kind: 'answer.set', space, entity: `answer:tr/${item}`, fields: fields as never }])
  }

  push(): Promise<Outcome> {
    return pushOnce(this.db, this.net, '1.0.0', this.pace)
  }

  /** Pushes until nothing is left or something stops it. */
  async pushAll(): Promise<Outcome> {
    return repeat(() => this.push())
  }

  async pullAll(): Promise<Outcome> {
    return repeat(() => pullOnce(this.db, this.net))
  }

  /** The server issues a receipt of what it has now, and the phone fetches it. */
  async takeReceipt(space = 'insp:42'): Promise<Outcome> {
    this.server.issueReceipt(space)
    return fetchReceipts(this.db, this.net)
  }

  outbox() {
    return this.db.getAll('outbox')
  }

  row(id: string, space = 'insp:42') {
    return this.db.get('rows', [space, id])
  }
}

async function repeat(step: () => Promise<Outcome>): Promise<Outcome> {
  for (let turn = 0; turn < 20; turn += 1) {
    const outcome = await step()
    if (outcome.kind !== 'again') return outcome
  }
  throw new Error('no end in sight')
}

export function makeItem(code: string, change: Partial<Item> = {}): Item {
  return {
    code,
    text: code,
    basis: [],
    methods: ['on_site'],
    answer: { type: 'judge' },
    photo_on_fail: false,
    severity: 'minor',
    is_required: true,
    ...change,
  }
}

/** An inspection with one sheet of two items, assigned to the phone's person. */
export function assignInspection(server: FakeServer, space = 'insp:42'): void {
  const id = space.slice('insp:'.length)
  server.write('user:8', { t: 'assignment', id: `assignment:${id}`, fields: { space } })
  server.write(space, {
    t: 'inspection',
    id: `inspection:${id}`,
    fields: {
      number: '2026-001',
      task: { id: 1, name: '道路旅客运输', task_no: '1' },
      firm: { name: '阳城县顺达客运有限公司', uscc: '91140522MA0K00013Y', category: null, tier: 'low', address: '凤城镇', contact_name: '李四', contact_phone: null, licence_no: null },
      planned_on: '2026-03-04',
      team: [
        { officer_id: 3, person_id: 8, name: '张三', cert_no: '04050123', department: 'tr', is_lead: true },
        { officer_id: 4, person_id: 9, name: '王五', cert_no: '04050124', department: 'tr', is_lead: false },
      ],
      sheets: ['tr'],
      ended_on: null,
      due_on: null,
      is_provisional: false,
      may: ['tr'],
    },
  })
  server.write(space, {
    t: 'sheet',
    id: 'sheet:tr',
    fields: {
      department: { code: 'tr', name: '交通运输局' },
      lists: [{ list: 'passenger@1', items: ['PAX-01', 'PAX-03'] }],
      state: 'open', return_reason: null, ended_on: null, submitted: null, accepted: null, entered: null, results: {}, result: null,
    },
  })
  server.lists.set('passenger@1', {
    code: 'passenger',
    version: 1,
    title: '道路旅客运输',
    items: [
      makeItem('PAX-01', { photo_on_fail: true }),
      makeItem('PAX-03', { answer: { type: 'number_pair', labels: ['抽查数', '不符数'], pass: '不符数==0' } }),
    ],
  })
}
