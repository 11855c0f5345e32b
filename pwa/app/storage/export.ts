import { sha256Hex, toHex } from '@/domain/sha256'
import { ZipWriter } from '@/domain/zip'
import { hashBytes } from '@/net/tus'
import type { Database } from './db'
import { markExported } from './exported'
import { getCounter, getServerState } from './state'

/** What a file of unsent work holds, and what could not be put into it. */
export interface Export {
  zip: Blob
  ops: number
  photos: number
  /** Photos whose bytes can not be read any more. */
  unreadable: number
}

/**
 * The unsent work as one file (§13.8): operations as they go over the wire, in order, and the bytes of photos not yet
 * sent. Sealed with the push-only credential this phone was given, so that the office can take it as this phone's own.
 */
export async function exportUnsent(db: Database, account: string, app: string, now: number): Promise<Export> {
  const ops = (await db.getAll('outbox'))
    .filter((entry) => entry.result === null || entry.result.status === 'held')
    .map((entry) => entry.body)
  const text = new TextEncoder().encode(JSON.stringify(ops))
  const zip = new ZipWriter()
  const [{ device }, { epoch }] = [await getCounter(db), await getServerState(db)]
  const waiting = await db.getAllFromIndex('photos_meta', 'state', 'waiting')
  const readable: string[] = []
  // Looked at before anything is written: the manifest comes first and says how many there are.
  for (const { sha256 } of waiting) if (await readPhoto(db, sha256)) readable.push(sha256)
  const mac = await seal(db, text)
  const manifest = {
    format: 'suicha-unsent/1',
    device,
    account,
    epoch,
    made_at: new Date(now).toISOString(),
    app,
    ops: ops.length,
    photos: readable.length,
    ops_sha256: await hashBytes(text.buffer),
    ...(mac ? { mac } : {}),
  }
  zip.add('manifest.json', new TextEncoder().encode(JSON.stringify(manifest, null, 1)))
  zip.add('ops.json', text)
  for (const sha256 of readable) zip.add(`photos/${sha256}`, new Uint8Array((await readPhoto(db, sha256))!))
  return { zip: zip.finish(), ops: ops.length, photos: readable.length, unreadable: waiting.length - readable.length }
}

/** After the file was handed over: from here a wipe or a sign-out may go ahead. */
export function noteExported(db: Database, now: number): Promise<void> {
  return markExported(db, now)
}

async function readPhoto(db: Database, sha256: string): Promise<ArrayBuffer | null> {
  try {
    return (await db.get('photo_bytes', sha256)) ?? null
  } catch {
    return null // one unreadable photo must not keep the rest in the phone
  }
}

/** HMAC-SHA-256 keyed with the hex text of SHA-256(push credential); null when the phone has none. */
async function seal(db: Database, text: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const credential = (await db.get('meta', 'push_credential')) as string | undefined
  if (!credential) return null
  const secret = new TextEncoder().encode(sha256Hex(credential))
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, text)))
}

/** Hands a file to the person. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
