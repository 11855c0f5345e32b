import { deleteDB, openDB } from 'idb'
import { expect, test, vi } from 'vitest'
import { makeUuid7 } from '@/domain/uuid'
import { findStoreFault } from '@/storage/atomic'
import { openPersonDb } from '@/storage/db'
import { keepTyped } from '@/storage/drafts'
import { recordOps } from '@/storage/outbox'
import { withReopen } from '@/storage/reopen'
import { adoptDevice, getCounter, putServerState } from '@/storage/state'
import { FakeServer } from './fake-server'
import { fillDisk } from './full-disk'
import { makePhone } from './phone'

const draft = (item: string) => ({
  op: makeUuid7(), kind: 'answer.set' as const, space: 'insp:42', entity: `answer:tr/${item}`, fields: { value: 'pass' },
})

test.each(['outbox', 'photo_bytes', 'photos_meta', 'meta'])('a disk that fills up at %s stores nothing of it and says so [I25 × F18]', async (store) => {
  const phone = await makePhone(new FakeServer())
  await recordOps(phone.db, [draft('PAX-01')])
  const bytes = new Uint8Array(1000).buffer
  const meta = {
    sha256: 'f'.repeat(64), space: 'insp:42', entity: 'answer:tr/PAX-01', bytes: 1000, mime: 'image/jpeg', width: 1, height: 1, thumb: null,
    taken_at: '', state: 'waiting' as const, upload_url: null, offset: 0, tries: 0, next_try: 0, error: null, done_at: null,
  }
  const full = fillDisk(store)
  const failure = await recordOps(phone.db, [draft('PAX-02')], { meta, bytes }).catch((error: unknown) => error)
  full.restore()
  expect(findStoreFault(failure)).toBe('full')
  expect((await phone.outbox()).map((entry) => entry.seq)).toEqual([1])
  expect(await phone.db.count('photo_bytes')).toBe(0)
  expect((await getCounter(phone.db)).seq).toBe(1)
  await recordOps(phone.db, [draft('PAX-02')], { meta, bytes }) // room was made: the same form is handed in again
  expect((await phone.outbox()).map((entry) => entry.seq)).toEqual([1, 2])
})

test('a full disk while typing is told from other failures [I25 × F18]', async () => {
  const phone = await makePhone(new FakeServer())
  const full = fillDisk('drafts')
  const failure = await keepTyped(phone.db, ['insp:42', 'answer:tr/PAX-01', 'note'], { text: '晋' }).catch((error: unknown) => error)
  full.restore()
  expect(findStoreFault(failure)).toBe('full')
})

test('operations, photo index and device id are written with strict durability [I25 × F14]', async () => {
  const phone = await makePhone(new FakeServer())
  const asked = vi.spyOn(IDBDatabase.prototype, 'transaction')
  await recordOps(phone.db, [draft('PAX-01')])
  await adoptDevice(phone.db, null)
  const writes = asked.mock.calls.filter(([, mode]) => mode === 'readwrite')
  asked.mockRestore()
  expect(writes.length).toBe(2)
  expect(writes.every(([, , options]) => options?.durability === 'strict')).toBe(true)
})

async function lossy() {
  const phone = await makePhone(new FakeServer())
  let db = phone.db
  let opened = 0
  const connection = {
    current: () => db,
    async reopen() {
      opened += 1
      db = await openPersonDb(Number(phone.db.name.split('-')[1]))
      return db
    },
  }
  return { phone, connection, count: () => opened, now: () => db }
}

test('a lost connection is opened again and the write done once [I25 I2 × F21]', async () => {
  const { phone, connection, count, now } = await lossy()
  phone.db.close()
  const [entry] = await withReopen(connection, (db) => recordOps(db, [draft('PAX-01')]))
  expect(entry!.seq).toBe(1)
  expect(count()).toBe(1)
  expect(await now().count('outbox')).toBe(1)
})

test('a connection lost after the commit: the last operation is found and not stored twice [I2 I9 × F21]', async () => {
  const { connection, now } = await lossy()
  const drafts = [draft('PAX-01'), draft('PAX-02')]
  let isFirst = true
  const entries = await withReopen(connection, async (db) => {
    const stored = await recordOps(db, drafts)
    if (isFirst) {
      isFirst = false
      throw new DOMException('Connection to Indexed Database server lost. Refresh the page to try again', 'UnknownError')
    }
    return stored
  })
  expect(entries.map((entry) => entry.seq)).toEqual([1, 2])
  expect((await now().getAll('outbox')).map((entry) => entry.op)).toEqual(drafts.map((one) => one.op))
})

test('it is tried once again, not for ever, and other failures are not hidden', async () => {
  const { connection, count } = await lossy()
  const lost = new DOMException('The database connection is closing.', 'InvalidStateError')
  await expect(withReopen(connection, () => Promise.reject(lost))).rejects.toBe(lost)
  expect(count()).toBe(1)
  await expect(withReopen(connection, () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug')
  expect(count()).toBe(1)
})

test('another tab with a newer app gets the stores after what is typed was written [I25 × F23]', async () => {
  const steps: string[] = []
  const db = await openPersonDb(60_001, {
    async onOutdated() {
      await keepTyped(db, ['insp:42', 'answer:tr/PAX-01', 'note'], { text: '半句' })
      steps.push('typed text kept')
    },
  })
  await adoptDevice(db, 'dev_a')
  await recordOps(db, [draft('PAX-01')])
  const newer = await openDB('suicha-60001', 99, { upgrade: () => void steps.push('upgraded') })
  expect(steps).toEqual(['typed text kept', 'upgraded'])
  expect(await newer.count('outbox')).toBe(1)
  expect(await newer.count('drafts')).toBe(1)
  newer.close()
})

test('a tab that waits for an older one is told [I25 × F23]', async () => {
  const old = await openDB('suicha-60002', 1, { upgrade: (db) => ['meta', 'outbox', 'photos_meta'].forEach((name) => void db.createObjectStore(name)) })
  let isTold = false
  const opening = openPersonDb(60_002, { onBlocked: () => ((isTold = true), old.close()) }).catch(() => null)
  await vi.waitFor(() => expect(isTold).toBe(true))
  ;(await opening)?.close()
  await deleteDB('suicha-60002')
})

test('the answer of another history changes nothing here [I7 × F6 F29]', async () => {
  const server = new FakeServer()
  const phone = await makePhone(server)
  await phone.answer('PAX-01', { value: 'pass' })
  server.faults = [() => (void putServerState(phone.db, { epoch: 'ep_2' }), null)] // a restore was heard of meanwhile
  await phone.push()
  expect((await phone.outbox())[0]!.result).toBeNull()
})
