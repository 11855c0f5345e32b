import { hashPayload } from '@/sync/chain'
import { digestRows } from '@/sync/digest'
import type { Checklist } from '@/domain/checklists'
import type { Op, OpResult } from '@/sync/operation'
import type { Sibling } from '@/storage/db'
import { CustodyKey } from './custody-key'

export interface StoredRow {
  t: string
  id: string
  seq: number
  fields: Record<string, unknown>
  heads: Record<string, string | null>
  siblings: Sibling[]
  gone?: boolean
}

/** How a request is disturbed: before it reaches the server, or after the server has done it. */
export type Fault = 'lost-request' | 'lost-answer' | 'portal' | 'not-json' | number | ((path: string) => Response | null)

export interface FakeReceipt {
  receipt: { ops: { op: string; sha256: string; status: string }[]; photos: { sha256: string; bytes: number; stored: boolean }[] } & Record<string, unknown>
  key_id: string
  signature: string
}

interface Upload {
  sha256: string
  length: number
  bytes: Uint8Array
}

const SERVER_TIME = '2026-03-04T08:40:03.500Z'

/**
 * Enough of the server to speak the protocol with: receipts first, one number per device, merge per field, pages
 * with digests, tus. It keeps what it was sent, so that a test can ask what really arrived.
 */
export class FakeServer {
  epoch = 'ep_1'
  person = { id: 8, account: 'zhang', name: '张三', locale: 'zh_CN' }
  spaces = new Map<string, StoredRow[]>([['user:8', []]])
  left: { space: string; why: string }[] = []
  lists = new Map<string, Checklist>()
  devices = new Map<string, number>()
  receipts = new Map<string, { hash: string; result: OpResult; op: Op }>()
  /** Every operation that took effect, in order. */
  ledger: Op[] = []
  held = new Map<string, Op[]>()
  uploads = new Map<string, Upload>()
  blobs = new Map<string, Uint8Array>()
  pageSize = 500
  maxOps = 50
  requests: { method: string; path: string; body: unknown }[] = []
  faults: Fault[] = []
  durable: number | null = null
  /** Whose session cookie this browser holds; null: none. Each session has a token of its own. */
  cookie: number | null = 8
  readonly csrf = new Map([[8, 'token'], [9, 'token-9']])
  /** Whose credentials each operation came with. */
  pushedBy: { op: string; person: number | string }[] = []
  wipe = false
  receiptsOf = new Map<string, object>()
  /** Public keys on record; the last signs. */
  custodyKeys = [new CustodyKey()]
  isRevoked = false
  /** What becomes of bytes that come with a creation, and how many of them arrive. */
  along: 'taken' | 'ignored' | 'refused' = 'taken'
  arrives = Infinity
  private nextUpload = 1

  readonly fetch: typeof fetch = async (input, init) => {
    const path = String(input)
    const method = init?.method ?? 'GET'
    const headers = new Headers(init?.headers)
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : init?.body
    this.requests.push({ method, path, body })
    const fault = this.faults.shift()
    if (fault === 'lost-request') throw new TypeError('Failed to fetch')
    if (fault === 'portal') return new Response('<html>请登录</html>', { headers: { 'Content-Type': 'text/html' } })
    if (typeof fault === 'number') return problem(fault, `http.${fault}`)
    if (typeof fault === 'function') {
      const answer = fault(path)
      if (answer) return answer
    }
    const answer = this.refuse(method, path, headers, init) ?? (await this.answer(method, path, headers, body))
    if (fault === 'lost-answer') throw new TypeError('Failed to fetch')
    if (fault === 'not-json') return new Response((await answer.text()).slice(0, -1))
    return answer
  }

  /** Session and token first, as the real server does. */
  private refuse(method: string, path: string, headers: Headers, init: RequestInit | undefined): Response | null {
    const credential = /^SuichaPush (.+)$/.exec(headers.get('Authorization') ?? '')?.[1]
    if (credential !== undefined) {
      const isOpen = this.isRevoked && (path.endsWith('/push') || path.startsWith('/api/v1/files') || path.endsWith('/wiped'))
      return isOpen && credential === 'push-secret' && init?.credentials === 'omit' ? null : problem(401, 'session.required')
    }
    if (path === '/api/v1/session' && method === 'POST') return null
    if (this.cookie === null) return problem(401, 'session.required')
    if (method === 'POST' && headers.get('X-CSRF-Token') !== this.csrf.get(this.cookie)) return problem(400, 'request.csrf')
    return this.isRevoked ? problem(403, 'device.revoked', { wipe: this.wipe }) : null
  }

  private async answer(method: string, path: string, headers: Headers, body: unknown): Promise<Response> {
    if (path === '/api/v1/session') return this.signIn(method, body)
    if (path === '/api/v1/sync/push') {
      for (const { op } of (body as { ops: Op[] }).ops) this.pushedBy.push({ op, person: headers.has('Authorization') ? 'credential' : this.cookie! })
      return this.push(body as { device: string; epoch: string; ops: Op[] })
    }
    if (path.startsWith('/api/v1/custody-receipts/')) {
      const file = this.receiptsOf.get(decodeURIComponent(path.slice('/api/v1/custody-receipts/'.length)))
      return file ? Response.json(file) : problem(404, 'receipt.not_found')
    }
    if (path === '/api/v1/custody-keys') return Response.json({ keys: this.custodyKeys.map((key) => key.listed) })
    if (path.endsWith('/wiped')) return new Response(null, { status: 204 })
    if (path === '/api/v1/sync/pull') return this.pull(body as { device: string; spaces: Record<string, number> })
    if (path.startsWith('/api/v1/lib/')) {
      const list = this.lists.get(path.slice('/api/v1/lib/'.length))
      return list ? Response.json(list, { headers: { ETag: '"1"' } }) : problem(404, 'checklist.not_found')
    }
    return this.file(method, path, headers, body)
  }

  private signIn(method: string, body: unknown): Response {
    if (method === 'POST') this.cookie = (body as { account: string }).account === 'wang' ? 9 : 8
    return Response.json({ ...this.session(), ...(method === 'POST' ? { push_credential: 'push-secret' } : {}) })
  }

  session() {
    const person = this.cookie === 9 ? { id: 9, account: 'wang', name: '王五', locale: 'zh_CN' } : this.person
    return {
      person,
      jurisdiction: { id: 1, name: '阳城县' },
      department: { id: 1, code: 'tr', name: '交通运输局' },
      officer: { id: 3, name: '张三', cert_no: '04050123' },
      roles: ['inspector'],
      epoch: this.epoch,
      csrf: this.csrf.get(this.cookie ?? 8)!,
      server_time: SERVER_TIME,
    }
  }

  /** The custody receipt the server would issue for a space now. */
  issueReceipt(space: string): FakeReceipt {
    const known = [...this.receipts.values()].filter(({ op }) => op.space === space)
    const photos = known.flatMap(({ op }) => (op.photo ? [{ sha256: op.photo.sha256, bytes: op.photo.bytes, stored: this.blobs.has(op.photo.sha256) }] : []))
    return this.handOut(space, {
      format: 'suicha-custody/1', jurisdiction: '阳城县', inspection: space, number: '2026-001', person: { id: 8, name: '张三' },
      epoch: this.epoch, issued_at: SERVER_TIME, space_seq: this.topOf(space),
      ops: known.map(({ op, hash, result }) => ({ op: op.op, sha256: hash, status: result.status })),
      photos, photos_declared: photos.length, photos_stored: photos.filter((one) => one.stored).length, is_complete: photos.every((one) => one.stored),
    })
  }

  /** Signs whatever it says, and answers it from now on. */
  handOut(space: string, receipt: FakeReceipt['receipt']): FakeReceipt {
    const file = this.custodyKeys.at(-1)!.sign(receipt)
    this.receiptsOf.set(space, file)
    return file
  }

  /** Puts a row as another phone or the office would; answers its number. */
  write(space: string, row: Omit<StoredRow, 'seq' | 'heads' | 'siblings'> & Partial<StoredRow>): StoredRow {
    const rows = this.spaces.get(space) ?? []
    this.spaces.set(space, rows)
    const stored: StoredRow = { heads: {}, siblings: [], ...row, seq: this.topOf(space) + 1 }
    const at = rows.findIndex((one) => one.id === row.id)
    if (at >= 0) rows[at] = stored
    else rows.push(stored)
    return stored
  }

  find(space: string, id: string): StoredRow | undefined {
    return this.spaces.get(space)?.find((row) => row.id === id)
  }

  /** A backup from before the first push was brought back: only the phones know what came since. */
  restoreEmpty(epoch: string): void {
    this.epoch = epoch
    this.ledger.length = 0
    this.receipts.clear()
    this.devices.clear()
  }

  private topOf(space: string): number {
    return Math.max(0, ...(this.spaces.get(space) ?? []).map((row) => row.seq))
  }

  private push(body: { device: string; epoch: string; ops: Op[] }): Response {
    if (body.epoch !== this.epoch) return problem(409, 'sync.epoch_changed', { epoch: this.epoch })
    if (body.ops.length > this.maxOps) return problem(413, 'sync.too_many_ops')
    let last = this.devices.get(body.device) ?? 0
    let isFork = false
    let isWaiting = false
    const results: OpResult[] = []
    for (const op of body.ops) {
      const known = this.receipts.get(op.op)
      const hash = hashOf(op)
      if (known) {
        if (op.seq === last + 1) last += 1
        results.push(known.hash === hash ? { ...known.result, replay: true } : invalid(op, 'op.id_reuse'))
        continue
      }
      if (op.seq > last + 1) {
        isWaiting = true
        continue
      }
      if (op.seq <= last) isFork = true
      else last += 1
      const result = this.judge(op)
      this.receipts.set(op.op, { hash, result, op })
      results.push(result)
    }
    this.devices.set(body.device, last)
    if (isWaiting) return problem(409, 'sync.sequence_gap', { expect: last + 1 })
    const device = { last_seq: last, durable_seq: this.durable ?? last, wipe: this.wipe }
    return Response.json({ epoch: this.epoch, server_time: SERVER_TIME, device, fork: isFork, results })
  }

  protected judge(op: Op): OpResult {
    if (this.isRevoked) {
      this.ledger.push(op)
      return { op: op.op, status: 'forbidden', proposal: `prop_${op.op}` }
    }
    const sheet = /^(?:answer|sheet):([a-z]+)/.exec(op.entity)?.[1]
    const sheetRow = sheet ? this.find(op.space, `sheet:${sheet}`) : undefined
    if (sheetRow?.fields.state === 'entered' && op.kind === 'answer.set') return this.propose(op, sheetRow)
    this.ledger.push(op)
    if (op.kind === 'answer.set') return this.mergeAnswer(op)
    if (op.kind === 'photo.attach' && op.photo) {
      const isStored = this.blobs.has(op.photo.sha256)
      const before = this.find(op.space, `photo:${op.photo.sha256}`)
      const attached = [...new Set([...((before?.fields.attached as string[]) ?? []), op.entity])]
      const row = this.write(op.space, {
        t: 'photo',
        id: `photo:${op.photo.sha256}`,
        fields: { ...op.photo, attached, stored: isStored },
        heads: { attached: op.op },
      })
      return { op: op.op, status: 'applied', space_seq: row.seq, bytes: isStored ? 'stored' : 'wanted', upload: '/api/v1/files' }
    }
    if (op.kind === 'sheet.submit' || op.kind === 'sheet.enter') {
      const state = op.kind === 'sheet.submit' ? 'submitted' : 'entered'
      const more = state === 'entered' ? { results: op.fields.results, entered: { by: this.person, at: SERVER_TIME, op: op.op, version: 1 } } : op.fields
      const row = this.write(op.space, { ...sheetRow!, fields: { ...sheetRow!.fields, ...more, state } })
      return { op: op.op, status: 'applied', space_seq: row.seq }
    }
    if (op.kind === 'signature.add' || op.kind === 'checkin.add') {
      const row = this.write(op.space, { t: op.entity.split(':')[0]!, id: op.entity, fields: op.fields })
      return { op: op.op, status: 'applied', space_seq: row.seq }
    }
    return { op: op.op, status: 'applied', space_seq: this.topOf(op.space) }
  }

  private mergeAnswer(op: Op): OpResult {
    const before = this.find(op.space, op.entity)
    const heads = { ...before?.heads }
    const fields = { ...before?.fields }
    const loser: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(op.fields)) {
      if (op.base[name] === (heads[name] ?? null)) {
        fields[name] = value
        heads[name] = op.op
      } else if (JSON.stringify(fields[name]) !== JSON.stringify(value)) {
        loser[name] = value
      }
    }
    const siblings = (before?.siblings ?? []).filter((sibling) => !op.resolves?.includes(sibling.op))
    const isConflict = Object.keys(loser).length > 0
    if (isConflict) siblings.push({ op: op.op, author: this.person, at: op.at, fields: loser as Sibling['fields'] })
    const row = this.write(op.space, { t: 'answer', id: op.entity, fields, heads, siblings })
    return { op: op.op, status: isConflict ? 'conflict' : 'applied', space_seq: row.seq }
  }

  private propose(op: Op, sheet: StoredRow): OpResult {
    const entered = sheet.fields.entered as { op: string; at: string; version: number; by: { name: string } }
    const locked = { by: entered.by.name, op: entered.op, at: entered.at, version: entered.version }
    const proposal = `prop_${op.seq}`
    const current = this.find(op.space, op.entity)?.fields ?? {}
    this.write('user:8', {
      t: 'proposal',
      id: `proposal:${proposal}`,
      fields: {
        op: op.op, space: op.space, entity: op.entity, kind: op.kind, status: 'rejected_locked',
        payload: op, current, locked, state: 'draft', made_at: SERVER_TIME,
      },
    })
    return { op: op.op, status: 'rejected_locked', proposal, locked }
  }

  private pull(body: { device: string; spaces: Record<string, number> }): Response {
    const scope = [...this.spaces.keys()]
    const pages: Record<string, unknown> = {}
    for (const [space, cursor] of Object.entries(body.spaces)) {
      if (!this.spaces.has(space)) continue
      const rows = this.spaces.get(space)!.filter((row) => row.seq > cursor).sort((a, b) => a.seq - b.seq)
      const page = rows.slice(0, this.pageSize)
      const more = rows.length > page.length
      const to = more ? page[page.length - 1]!.seq : this.topOf(space)
      pages[space] = { from: cursor, to, more, rows: page, ...(more ? {} : { digest: digestRows(this.spaces.get(space)!) }) }
    }
    const left = [...this.left, ...Object.keys(body.spaces).filter((s) => !scope.includes(s)).map((space) => ({ space, why: 'reassigned' }))]
    const last = this.devices.get(body.device) ?? 0
    const device = { last_seq: last, durable_seq: this.durable ?? last, wipe: this.wipe }
    return Response.json({ epoch: this.epoch, server_time: SERVER_TIME, device, scope, left, pages })
  }

  private async file(method: string, path: string, headers: Headers, body: unknown): Promise<Response> {
    if (method === 'POST' && path === '/api/v1/files') {
      const sha256 = atob(/sha256 ([^,]+)/.exec(headers.get('Upload-Metadata') ?? '')?.[1] ?? '')
      const length = Number(headers.get('Upload-Length'))
      const isAlong = headers.get('Content-Type') === 'application/offset+octet-stream'
      if (isAlong && this.along === 'refused') return problem(413, 'request.too_large')
      if (this.blobs.has(sha256)) return new Response(null, { status: 201, headers: { 'Upload-Offset': String(length) } })
      const url = `/api/v1/files/${this.nextUpload}`
      this.nextUpload += 1
      const taken = isAlong && this.along === 'taken' ? (body as ArrayBuffer) : new ArrayBuffer(0)
      const upload = { sha256, length, bytes: new Uint8Array(taken.slice(0, this.arrives)) }
      this.uploads.set(url, upload)
      if (upload.bytes.length === length) this.keep(upload)
      const offset: HeadersInit = this.along === 'taken' ? { 'Upload-Offset': String(upload.bytes.length) } : {}
      return new Response(null, { status: 201, headers: { Location: url, ...offset } })
    }
    const upload = this.uploads.get(path)
    if (!upload) return problem(404, 'upload.not_found')
    if (method === 'HEAD') return new Response(null, { status: 200, headers: { 'Upload-Offset': String(upload.bytes.length) } })
    if (Number(headers.get('Upload-Offset')) !== upload.bytes.length) return problem(409, 'upload.offset')
    const chunk = new Uint8Array(body as ArrayBuffer)
    const checksum = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', chunk))))
    if (headers.get('Upload-Checksum') !== `sha256 ${checksum}`) return problem(460, 'upload.checksum')
    upload.bytes = new Uint8Array([...upload.bytes, ...chunk])
    if (upload.bytes.length === upload.length) this.keep(upload)
    return new Response(null, { status: 204, headers: { 'Upload-Offset': String(upload.bytes.length) } })
  }

  private keep(upload: Upload): void {
    this.blobs.set(upload.sha256, upload.bytes)
    for (const [space, rows] of this.spaces) {
      const row = rows.find((one) => one.id === `photo:${upload.sha256}`)
      if (row) this.write(space, { ...row, fields: { ...row.fields, stored: true } })
    }
  }
}

/** Instead of receipts handed out by a test: each is made when it is asked for, as the real server does. */
export class FreshReceipts extends Map<string, object> {
  constructor(private readonly server: FakeServer) {
    super()
  }

  override get(space: string): object | undefined {
    return space.startsWith('insp:') ? this.server.issueReceipt(space) : undefined
  }
}

function problem(status: number, code: string, details: Record<string, unknown> = {}): Response {
  return Response.json({ error: { code, message: code, details } }, { status })
}

/** Renumbering a phone's queue changes `seq` and the chain, and leaves the operation the same. */
function hashOf(op: Op): string {
  return hashPayload(op)
}

function invalid(op: Op, code: string): OpResult {
  return { op: op.op, status: 'invalid', error: { code, message: code, details: {} } }
}
