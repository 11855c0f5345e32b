import { sha256Hex } from '@/domain/sha256'
import type { CustodyFile } from '@/domain/records'
import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { CustodyRow, Database, OutboxEntry, PhotoMeta, Row } from '@/storage/db'
import { getServerState } from '@/storage/state'
import { hashPayload } from './chain'
import { readRefused, type Outcome } from './outcome'

/**
 * Asks for the custody receipt (§13.9) of every inspection of which something was accepted or stored since the last
 * one; once per change, so that a server without receipts is not asked every minute.
 */
export async function fetchReceipts(db: Database, net: Net): Promise<Outcome> {
  const { epoch } = await getServerState(db)
  const person = await db.get('meta', 'person')
  for (const [space, known] of await listReceived(db)) {
    const asked = sha256Hex([epoch ?? '', ...known].join('\n'))
    const before = await db.get('custody', space)
    if (before?.asked === asked) continue
    const path = `/api/v1/custody-receipts/${encodeURIComponent(space)}`
    const reply = await call<CustodyFile>(net, { method: 'GET', path, deadlineMs: DEADLINE_MS })
    const isGone = reply.kind === 'refused' && (reply.status === 404 || reply.status === 403) && reply.code !== 'device.revoked'
    if (reply.kind !== 'ok' && !isGone) return readRefused(reply)
    const isOurs = reply.kind === 'ok' && isReceiptOf(reply.body, space, person, epoch)
    const file = isOurs ? reply.body : (before?.file ?? null)
    await db.put('custody', { space, file, asked, fetched_at: net.now() })
  }
  return { kind: 'done' }
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

function isReceiptOf(file: CustodyFile | null, space: string, person: unknown, epoch: string | null): boolean {
  const receipt = file?.receipt
  if (!receipt || !Array.isArray(receipt.ops) || !Array.isArray(receipt.photos)) return false
  return receipt.inspection === space && receipt.person?.id === person && receipt.epoch === epoch
}

/** Whether this phone may let an operation go as far as receipts are concerned: none there, or one that names it. */
export function isOpCovered(row: CustodyRow | undefined, entry: OutboxEntry, epoch: string | null): boolean {
  if (!row?.file) return true
  const { receipt } = row.file
  const hash = entry.sha256 ?? hashPayload(entry.body)
  return receipt.epoch === epoch && receipt.ops.some((one) => one.op === entry.op && one.sha256 === hash)
}

/** Bytes go only against a receipt that names them as stored: here no receipt means no (§13.9). */
export function isPhotoCovered(row: CustodyRow | undefined, sha256: string, epoch: string | null): boolean {
  const receipt = row?.file?.receipt
  return receipt?.epoch === epoch && receipt.photos.some((one) => one.sha256 === sha256 && one.stored)
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
