import { expect, test } from 'vitest'
import type { Net } from '@/net/http'
import { hashBytes } from '@/net/tus'
import type { Database } from '@/storage/db'
import { recordOps } from '@/storage/outbox'
import { fetchMissingLists } from '@/sync/checklists'
import { fetchReceipts } from '@/sync/custody'
import { digestRows } from '@/sync/digest'
import type { Outcome } from '@/sync/outcome'
import { pullOnce } from '@/sync/pull'
import { newPace, pushOnce } from '@/sync/push'
import { pruneOutbox } from '@/sync/retention'
import { newUploadPace, reopenLostPhotos, uploadOnce } from '@/sync/uploads'
import { FakeServer, FreshReceipts } from './fake-server'
import { assignInspection, makePhone, type Phone } from './phone'
import { attachPhoto } from './photo'
import { Reaper } from './reaper'

/** One whole round as the loop makes it, over the given store and network. */
async function round(db: Database, net: Net): Promise<void> {
  const [pace, uploadPace] = [newPace(), newUploadPace()]
  const steps: (() => Promise<Outcome>)[] = [
    () => pushOnce(db, net, '1.0.0', pace),
    () => pullOnce(db, net),
    () => fetchMissingLists(db, net),
    () => uploadOnce(db, net, uploadPace, () => 0),
    () => pullOnce(db, net),
    () => fetchReceipts(db, net),
  ]
  for (const step of steps) {
    let turns = 0
    while ((await step()).kind === 'again' && turns < 30) turns += 1
  }
  await pruneOutbox(db)
  await reopenLostPhotos(db, net.now())
}

async function makeWork(): Promise<{ server: FakeServer; phone: Phone; sha256: string }> {
  const server = new FakeServer()
  server.receiptsOf = new FreshReceipts(server)
  assignInspection(server)
  const phone = await makePhone(server)
  await phone.answer('PAX-01', { value: 'fail' })
  const sha256 = await attachPhoto(phone)
  await phone.answer('PAX-01', { note: '未悬挂' })
  return { server, phone, sha256 }
}

async function expectWhole({ server, phone, sha256 }: Awaited<ReturnType<typeof makeWork>>, why: string): Promise<void> {
  expect(server.ledger.map((op) => [op.seq, op.kind]), why).toEqual([[1, 'answer.set'], [2, 'photo.attach'], [3, 'answer.set']])
  expect(await hashBytes(server.blobs.get(sha256)!.slice().buffer), why).toBe(sha256)
  for (const space of ['insp:42', 'user:8']) {
    const rows = await phone.db.getAllFromIndex('rows', 'space', space)
    expect(digestRows(rows), why).toBe(digestRows(server.spaces.get(space)!))
  }
  expect(await phone.outbox(), why).toEqual([])
  expect(await phone.db.get('photos_meta', sha256), why).toMatchObject({ state: 'done' })
}

test('killed at every touch of store and network, the phone starts again from its store and ends equal [I1 I5 × F1 F2 F12 F13] [I2 × F2 F12 F13] [I14 I25 × F12 F13]', async () => {
  const calm = new Reaper(Number.MAX_SAFE_INTEGER)
  const first = await makeWork()
  await round(calm.watch(first.phone.db), calm.net(first.phone.net))
  await expectWhole(first, 'without a kill')
  expect(calm.calls).toBeGreaterThan(100)

  for (let at = 1; at <= calm.calls; at += 1) {
    const work = await makeWork()
    const reaper = new Reaper(at)
    const death = await round(reaper.watch(work.phone.db), reaper.net(work.phone.net)).catch((error: unknown) => error)
    expect(death, `killed at touch ${at}`).toBeInstanceOf(Error)
    work.phone.clock += 600_000
    await round(work.phone.db, work.phone.net)
    await expectWhole(work, `killed at touch ${at}`)
    work.phone.db.close()
  }
}, 120_000)

test('killed at every touch of a capture, operation, number and photo are there together or not at all [I25 × F12 F13]', async () => {
  const calls = await capture(Number.MAX_SAFE_INTEGER)
  for (let at = 1; at <= calls; at += 1) await capture(at)

  async function capture(at: number): Promise<number> {
    const phone = await makePhone(new FakeServer())
    const reaper = new Reaper(at)
    const sha256 = 'a'.repeat(64)
    const entity = 'answer:tr/PAX-01'
    const size = { bytes: 4, mime: 'image/jpeg', width: 1, height: 1 }
    const manifest = { at: '', clock_offset_ms: 0, place: null, officer_id: 3, device: '', source: 'camera' as const }
    const meta = { sha256, space: 'insp:42', entity, ...size, thumb: null, taken_at: '', state: 'waiting' as const, upload_url: null, offset: 0, tries: 0, next_try: 0, error: null, done_at: null }
    const isDone = await recordOps(
      reaper.watch(phone.db),
      [{ kind: 'photo.attach', space: 'insp:42', entity, photo: { sha256, ...size, manifest } }],
      { meta, bytes: new ArrayBuffer(4) },
    ).then(() => true, () => false)
    const counts = await Promise.all([phone.db.count('outbox'), phone.db.count('photo_bytes'), phone.db.count('photos_meta')])
    const { seq } = (await phone.db.get('meta', 'counter')) as { seq: number }
    expect([...counts, seq], `killed at touch ${at}`).toEqual(isDone ? [1, 1, 1, 1] : [0, 0, 0, 0])
    phone.db.close()
    return reaper.calls
  }
})
