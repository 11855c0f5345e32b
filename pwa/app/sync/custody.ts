import { sha256Hex } from '@/domain/sha256'
import type { CustodyFile } from '@/domain/records'
import { checkReceipt, type ReceiptFault } from '@/domain/receipt'
import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { CustodyRow, Database, OutboxEntry, PhotoMeta, Row } from '@/storage/db'
import { appendLog } from '@/storage/log'
import { getServerState } from '@/storage/state'
import { hashPayload } from './chain'
import { learnKeys, readKeys } from './custody-keys'
import { readRefused, type Outcome } from './outcome'

/** A receipt whose signature did not stand is asked for again: a proxy that spoils answers may be gone by then. */
export const RECHECK_MS = 10 * 60_000

/**
 * Asks for the custody receipt (§13.9) of every inspection of which something was accepted or stored since the last
 * one; once per change, so that a server without receipts is not asked every minute. Only a receipt whose signature
 * this phone has checked itself takes the place of the one before.
 */
export async function fetchReceipts(db: Database, net: Net): Promise<Outcome> {
  if (Object.keys(await readKeys(db)).length === 0) {
    const learned = await learnKeys(db, net)
    if (learned.kind !== 'done') return learned
  }
  const { epoch } = await getServerState(db)
  const person = await db.get('meta', 'person')
  for (const [space, known] of await listReceived(db)) {
    const asked = sha256Hex([epoch ?? '', ...known].join('\n'))
    const before = await db.get('custody', space)
    if (before?.asked === asked && !isDoubtful(before, net.now())) continue
    const path = `/api/v1/custody-receipts/${encodeURIComponent(space)}`
    const reply = await call<CustodyFile>(net, { method: 'GET', path, deadlineMs: DEADLINE_MS })
    const isGone = reply.kind === 'refused' && (reply.status === 404 || reply.status === 403) && reply.code !== 'device.revoked'
    if (reply.kind !== 'ok' && !isGone) return readRefused(reply)
    const fault = reply.kind === 'ok' ? await checkHere(db, net, reply.body) : null
    if (fault === 'unknown') return { kind: 'later', why: 'custody.unchecked', afterMs: null }
    const isOurs = reply.kind === 'ok' && fault === null && isReceiptOf(reply.body, space, person, epoch)
    const kept = isOurs ? { file: reply.body, is_checked: true } : { file: before?.file ?? null, is_checked: before?.is_checked ?? false }
    const refused = reply.kind === 'ok' && fault !== null ? { refused: { file: reply.body, fault, at: net.now() } } : {}
    await db.put('custody', { space, ...kept, ...refused, asked, fetched_at: net.now() })
    if (fault !== null && before?.refused?.fault !== fault) await appendLog(db, 'custody.refused', net.now())
  }
  return { kind: 'done' }
}

/** Kept unchecked by an older app, or refused a while ago. */
function isDoubtful(row: CustodyRow, now: number): boolean {
  if (row.refused) return Math.abs(now - row.refused.at) >= RECHECK_MS
  return row.file !== null && !row.is_checked
}

/**
 * Checks with the kept keys, and with the server's list where the receipt names a key that is not among them.
 * 'unknown' when nobody could tell: no list came, or the chunk with the check did not.
 */
async function checkHere(db: Database, net: Net, file: unknown): Promise<ReceiptFault | 'unknown' | null> {
  const check = async () => checkReceipt(file, await readKeys(db)).catch(() => 'unknown' as const)
  const fault = await check()
  if (fault !== 'custody.unknown_key') return fault
  return (await learnKeys(db, net)).kind === 'done' ? check() : 'unknown'
}

/** Per inspection, what this phone knows the server to have: answered operations and stored photos. */
async function listReceived(db: Database): Promise<Map<string, string[]>> {
  const tx = db.transaction(['outbox', 'photos_meta', 'rows'])
  const entries = await tx.objectStore('outbox').getAll()
  const photos = await tx.objectStore('photos_meta').getAll()
  const stored = new Map<string, boolean>()
  for (const photo of photos) stored.set(photo.sha256, isStored(await tx.objectStore('rows').get([photo.space, `photo:${photo.sha256}`])))
  await tx.done
  const received = new Map<string, string[]>()
  const add = (space: string, what: string) => {
    if (space.startsWith('insp:')) received.set(space, [...(received.get(space) ?? []), what])
  }
  for (const entry of entries) if (entry.result && entry.result.status !== 'held') add(entry.space, `${entry.op} ${entry.result.status}`)
  for (const photo of photos) if (stored.get(photo.sha256)) add(photo.space, photo.sha256)
  return received
}

/** Only a pull says that a photo is stored (§7.6). */
export function isStored(row: Row | undefined): boolean {
  return row !== undefined && !row.gone && row.fields.stored === true
}

/** A good receipt may still be another person's, another inspection's or of a history that was restored away. */
function isReceiptOf({ receipt }: CustodyFile, space: string, person: unknown, epoch: string | null): boolean {
  return receipt.inspection === space && receipt.person.id === person && receipt.epoch === epoch
}

/**
 * The receipt this phone may act on: checked here, of this history, and no newer answer that did not stand the check.
 * The mark is kept and not computed again: whoever can write into this store can also empty it.
 */
function findProof(row: CustodyRow | undefined, epoch: string | null): CustodyFile['receipt'] | null {
  if (!row?.file || !row.is_checked || row.refused) return null
  return row.file.receipt.epoch === epoch ? row.file.receipt : null
}

/** An inspection's operation goes only against a receipt that names it; the other spaces have no receipts (§13.9). */
export function isOpCovered(row: CustodyRow | undefined, entry: OutboxEntry, epoch: string | null): boolean {
  if (!entry.space.startsWith('insp:')) return true
  const hash = entry.sha256 ?? hashPayload(entry.body)
  return findProof(row, epoch)?.ops.some((one) => one.op === entry.op && one.sha256 === hash) ?? false
}

/** Bytes go only against a receipt that names them as stored. */
export function isPhotoCovered(row: CustodyRow | undefined, sha256: string, epoch: string | null): boolean {
  return findProof(row, epoch)?.photos.some((one) => one.sha256 === sha256 && one.stored) ?? false
}

/** "Received n of N": what the receipt names, of all this phone knows of the inspection. */
export interface CustodySummary {
  ops: number
  opsAll: number
  photos: number
  photosAll: number
  issuedAt: string
}

export function summariseCustody(row: CustodyRow | undefined, entries: OutboxEntry[], photos: PhotoMeta[]): CustodySummary | null {
  if (!row?.file) return null
  const { receipt } = row.file
  const ops = new Set(receipt.ops.map((one) => one.op))
  const shas = new Set(receipt.photos.map((one) => one.sha256))
  const lacksOp = entries.filter((entry) => !ops.has(entry.op)).length
  const lacksPhoto = photos.filter((photo) => !shas.has(photo.sha256) && photo.state !== 'lost').length
  return {
    ops: receipt.ops.length,
    opsAll: receipt.ops.length + lacksOp,
    photos: receipt.photos.filter((one) => one.stored).length,
    photosAll: receipt.photos.length + lacksPhoto,
    issuedAt: receipt.issued_at,
  }
}
