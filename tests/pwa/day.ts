import { expect } from 'vitest'
import type { Net } from '@/net/http'
import { hashBytes } from '@/net/tus'
import { openPersonDb, type Database, type OutboxEntry } from '@/storage/db'
import { readQueue } from '@/storage/read-queue'
import { digestRows } from '@/sync/digest'
import { StoodDown } from '@/sync/leader'
import { dismissSettled } from '@/sync/ledger'
import { SyncLoop } from '@/sync/loop'
import { isSettled, type Op, type OpResult } from '@/sync/operation'
import { freePhotoBytes } from '@/sync/retention'
import { FakeServer, FreshReceipts } from './fake-server'
import { copyStores } from './copy-stores'
import { assignInspection, makePhone, Phone } from './phone'
import { attachPhoto } from './photo'

/** A server that can stumble over one operation (F26) or refuse it for its list (F37). */
class DayServer extends FakeServer {
  /** Entity → how its operation ends instead. */
  stumbles = new Map<string, OpResult['status']>()
  override receiptsOf: Map<string, object> = new FreshReceipts(this)

  protected override judge(op: Op): OpResult {
    const status = this.stumbles.get(op.entity)
    if (status === undefined) return super.judge(op)
    this.ledger.push(op)
    return { op: op.op, status }
  }

  /** What was held is judged now, as after a repair. */
  repair(): void {
    this.stumbles.clear()
    for (const receipt of this.receipts.values()) {
      if (receipt.result.status !== 'held') continue
      const at = this.ledger.findIndex((op) => op.op === receipt.result.op)
      const [op] = this.ledger.splice(at, 1)
      receipt.result = this.judge(op!)
    }
  }
}

/** How one run of the loop may differ from an undisturbed one. */
export interface Run {
  db?: Database
  net?: Net
  guard?: () => Promise<void>
}

/**
 * One officer's day that meets every kind of outcome: a value, a photo, a note against a colleague's (conflict), a note
 * on a sheet another entered meanwhile (rejected, a proposal). No backup was made yet, so nothing may be let go,
 * although the phone is always short of room.
 */
export class Day {
  made: OutboxEntry[] = []
  photo = ''
  /** Destroyed on the phone by the fault itself. */
  destroyed = new Set<string>()
  /** Whether the tab in the foreground may go on talking; throws when it may not. */
  guard: () => Promise<void> = () => Promise.resolve()
  /** For each time the phone was about to be wiped: what the server did not have then. */
  wipes: string[][] = []
  private seen = new Map<string, number>()
  private numbers = new Map<string, number>()
  private refused = new Set<string>()

  private constructor(
    readonly server: DayServer,
    readonly phone: Phone,
  ) {}

  static async begin(): Promise<Day> {
    const server = new DayServer()
    assignInspection(server)
    assignInspection(server, 'insp:43')
    const phone = await makePhone(server)
    await phone.db.put('meta', 'push-secret', 'push_credential')
    const day = new Day(server, phone)
    server.durable = 0
    await day.run()
    return day
  }

  /** What the officer does without signal, and what others do meanwhile. */
  async work(): Promise<void> {
    await this.write('PAX-01', { value: 'fail' })
    this.photo = await attachPhoto(this.phone)
    this.made.push((await this.phone.outbox()).at(-1)!)
    await this.write('PAX-03', { note: '本机' })
    await this.write('PAX-01', { note: '录入之后' }, 'insp:43')
    await this.write('PAX-01', { note: '未悬挂' })
    this.server.write('insp:42', { t: 'answer', id: 'answer:tr/PAX-03', fields: { note: '同事' }, heads: { note: 'theirs' } })
    const sheet = this.server.spaces.get('insp:43')!.find((row) => row.t === 'sheet')!
    const entered = { by: { id: 9, name: '王五' }, at: '2026-03-04T08:00:00Z', op: 'enter', version: 1 }
    this.server.write('insp:43', { ...sheet, fields: { ...sheet.fields, state: 'entered', entered } })
  }

  /** A row the phone is about to read, or has just read, gets a newer version. */
  colleagueWritesOn(): void {
    const row = this.server.spaces.get('insp:42')!.find((one) => one.id === 'answer:tr/PAX-03')!
    this.server.write('insp:42', { ...row, fields: { ...row.fields, note: '同事再改' }, heads: { ...row.heads, note: 'theirs again' } })
  }

  async write(item: string, fields: object, space = 'insp:42'): Promise<OutboxEntry> {
    const [entry] = await this.phone.answer(item, fields, space)
    this.made.push(entry!)
    return entry!
  }

  /** One round of the real loop, from its first step to the moment it sets its next timer, stops, or stands down. */
  async run({ db = this.phone.db, net = this.phone.net, guard = () => Promise.resolve() }: Run = {}): Promise<SyncLoop> {
    this.phone.clock += 600_000
    let start: (() => void) | null = null
    let loop!: SyncLoop
    await new Promise<void>((over) => {
      const done = () => setTimeout(over)
      loop = new SyncLoop({
        store: { current: () => db, reopen: () => this.reopen().then((fresh) => (db = fresh)) },
        net,
        app: '1.0.0',
        label: () => '手机甲',
        guard: () => guard().catch((error: unknown) => (error instanceof StoodDown && done(), Promise.reject(error as Error))),
        random: () => 0.5,
        setTimer: (run) => (start ? done() : (start = run)),
        clearTimer: () => undefined,
        onState: (state) => void (['sign-in', 'upgrade'].includes(state.reason) && done()),
        onChange: () => undefined,
        onWipe: () => void (this.wipes.push(this.missing()), done()),
        onOtherPerson: () => undefined,
      })
      loop.wake('start')
      start!()
    })
    loop.stop()
    return loop
  }

  /** The app starts again over the same stores. */
  async reopen(): Promise<Database> {
    this.phone.db.close()
    const fresh = await openPersonDb(Number(this.phone.db.name.split('-')[1]))
    Object.assign(this.phone, { db: fresh })
    return fresh
  }

  /** An older copy of the stores is in place: what it shows is as old as it is, from there it goes on. */
  putInPlace(db: Database): void {
    Object.assign(this.phone, { db })
    this.seen.clear()
    this.refused.clear()
  }

  /** A second phone with a copy of these stores, device name and all. */
  async clone(): Promise<Day> {
    const twin = new Day(this.server, new Phone(await copyStores(this.phone.db), this.server))
    Object.assign(twin, { made: [...this.made], photo: this.photo })
    twin.phone.clock = this.phone.clock
    return twin
  }

  /** What holds at every moment, whatever has just happened. */
  async check(why: string): Promise<void> {
    const { db } = this.phone
    const [entries, cursors, rows] = [await db.getAll('outbox'), await db.getAll('cursors'), await db.getAll('rows')]
    // I7, I21: no outcome the server did not say.
    for (const { op, result } of entries) {
      if (result && result.status !== 'held') expect(result.status, why).toBe(this.server.receipts.get(op)?.result.status)
    }
    // I20, I25, I1: an operation, and the photo's bytes, are here until the mark covers them.
    const kept = new Map(entries.map((entry) => [entry.op, entry]))
    for (const { op, seq } of entries) this.numbers.set(op, seq)
    const inMark = (op: string) => (this.numbers.get(op) ?? Infinity) <= this.server.durable! && this.server.receipts.has(op)
    for (const { op, body } of this.made) {
      if (this.destroyed.has(op)) continue
      if (!kept.has(op)) expect(inMark(op), `${why}: ${body.entity} was let go`).toBe(true)
      if (!body.photo || (await db.count('photo_bytes', body.photo.sha256)) > 0) continue
      expect(inMark(op) && this.server.blobs.has(body.photo.sha256), `${why}: bytes were let go`).toBe(true)
    }
    // I6, I14: behind the cursor nothing is missing, and neither cursor nor row goes back.
    for (const { space, cursor } of cursors) {
      const mine = new Map(rows.filter((row) => row.space === space).map((row) => [row.id, row.seq]))
      for (const row of this.server.spaces.get(space) ?? []) {
        if (row.seq <= cursor) expect(mine.get(row.id), `${why}: ${space} ${row.id}`).toBe(row.seq)
      }
      for (const [key, at] of [[space, cursor] as const, ...[...mine].map(([id, seq]) => [`${space}|${id}`, seq] as const)]) {
        expect(at, `${why}: ${key} went back`).toBeGreaterThanOrEqual(this.seen.get(key) ?? 0)
        this.seen.set(key, at)
      }
    }
    // I27: what was refused is in sight until somebody has seen it.
    for (const { op, result, dismissed } of entries) {
      if (result && result.status !== 'held' && !isSettled(result.status) && !dismissed) this.refused.add(op)
    }
    for (const op of this.refused) expect(await this.isInSight(op), `${why}: refused and out of sight`).toBe(true)
  }

  /** Rounds without trouble until all is at rest, then everything that holds at rest. */
  async end(why: string, { isPhotoLost = false } = {}): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      await this.run()
      await freePhotoBytes(this.phone.db, () => Promise.resolve(0), this.phone.clock)
      await this.check(why)
    }
    const { db } = this.phone
    const entries = await db.getAll('outbox')
    const expected = this.made.filter(({ op }) => !this.destroyed.has(op))
    // I1, I2, I12: everything arrived, once, and nothing waits.
    const arrived = [...this.server.ledger, ...this.proposed()].map(({ op }) => op)
    expect(new Set(arrived).size, why).toBe(arrived.length)
    expect(expected.filter(({ op }) => !arrived.includes(op)), why).toEqual([])
    expect(entries.filter((entry) => entry.result === null || entry.result.status === 'held'), why).toEqual([])
    // I5: rows and digests are the server's.
    for (const [space, theirs] of this.server.spaces) {
      expect(digestRows(await db.getAllFromIndex('rows', 'space', space)), `${why}: ${space}`).toBe(digestRows(theirs))
    }
    if (!isPhotoLost && !this.destroyed.has(this.made[1]!.op)) {
      expect(await hashBytes(this.server.blobs.get(this.photo)!.slice().buffer), why).toBe(this.photo)
      expect((await readQueue(db)).photos, why).toEqual([])
    }
    // I27: within these rounds every refusal came into sight.
    for (const { op } of this.made) {
      const status = this.server.receipts.get(op)?.result.status
      if (status && !isSettled(status) && !(await db.getFromIndex('outbox', 'op', op))?.dismissed) {
        expect(await this.isInSight(op), `${why}: ${status} out of sight`).toBe(true)
      }
    }
  }

  /** A backup covers the first two operations: they go, with the photo's bytes; what was refused stays until it is seen. */
  async backUp(why: string): Promise<void> {
    const { db } = this.phone
    const before = await db.count('outbox')
    this.server.durable = 2
    await this.run()
    await freePhotoBytes(db, () => Promise.resolve(0), this.phone.clock)
    await this.check(`${why}, backed up`)
    expect(await db.count('outbox'), why).toBe(before - 2)
    expect(await db.count('photo_bytes'), why).toBe(0)
    this.server.durable = 99
    await this.run()
    await this.check(`${why}, all backed up`)
    const left = await db.getAll('outbox')
    expect(left.map((entry) => isSettled(entry.result!.status)), why).toEqual(left.map(() => false))
    for (const { op } of left) {
      this.refused.delete(op)
      await dismissSettled(db, [op])
    }
    await this.run()
    expect(await db.count('outbox'), why).toBe(0)
  }

  /** Operations, and the photo, the server does not have. */
  missing(): string[] {
    const ops = this.made.filter(({ op }) => !this.server.receipts.has(op) && !this.destroyed.has(op))
    return [...ops.map(({ body }) => `${body.kind} ${body.entity}`), ...(this.server.blobs.has(this.photo) ? [] : ['photo'])]
  }

  proposed(): Op[] {
    return this.server.spaces.get('user:8')!.filter((row) => row.t === 'proposal').map((row) => row.fields.payload as Op)
  }

  async statuses(): Promise<(string | undefined)[]> {
    return (await this.phone.outbox()).map((entry) => entry.result?.status)
  }

  private async isInSight(op: string): Promise<boolean> {
    const { space, entity } = this.made.find((entry) => entry.op === op)!
    const { matters, drafts } = await readQueue(this.phone.db)
    return matters.some((one) => one.entries.some((entry) => entry.op === op) || one.key === `${space}|${entity}`) || drafts.some((one) => one.proposal.op === op)
  }
}
