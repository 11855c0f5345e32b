import { toHex } from '@/domain/sha256'
import { call, CHUNK_DEADLINE_MS, DEADLINE_MS, type Auth, type Net, type Reply } from './http'

/** The few words of tus 1.0 this app speaks (§13.6): creation, also with the bytes, HEAD, PATCH with a checksum. */
const VERSION = { 'Tus-Resumable': '1.0.0' }
const CHUNK_TYPE = { 'Content-Type': 'application/offset+octet-stream' }

export interface Upload {
  url: string
  offset: number
}

/**
 * `along`: the whole photo. It needs no checksum of its own, the hash it is declared with covers it: of a photo cut
 * on the way the server keeps what arrived. A server that does not know the extension takes none of it.
 */
export async function createUpload(
  net: Net,
  photo: { sha256: string; op: string; bytes: number },
  auth: Auth,
  along: ArrayBuffer | null = null,
): Promise<{ reply: Reply<unknown>; upload: Upload | null }> {
  const reply = await call(net, {
    method: 'POST',
    path: '/api/v1/files',
    headers: {
      ...VERSION,
      'Upload-Length': String(photo.bytes),
      'Upload-Metadata': `sha256 ${btoa(photo.sha256)},op ${btoa(photo.op)}`,
      ...(along ? CHUNK_TYPE : {}),
    },
    ...(along ? { raw: along } : {}),
    ...auth,
    deadlineMs: along ? CHUNK_DEADLINE_MS : DEADLINE_MS,
    bodiless: true,
  })
  if (reply.kind !== 'ok') return { reply, upload: null }
  const offset = readOffset(reply.headers) ?? 0
  const url = reply.headers.get('Location')
  // Bytes the server knows already are complete at once, with or without a location.
  if (!url && offset !== photo.bytes) return { reply: { kind: 'offline', why: 'foreign' }, upload: null }
  return { reply, upload: { url: pathOf(url ?? ''), offset } }
}

/** Where the server is; `offset` null when it could not say. */
export async function readUpload(net: Net, url: string, auth: Auth): Promise<{ reply: Reply<unknown>; offset: number | null }> {
  const reply = await call(net, { method: 'HEAD', path: url, headers: VERSION, ...auth, deadlineMs: DEADLINE_MS, bodiless: true })
  return { reply, offset: reply.kind === 'ok' ? readOffset(reply.headers) : null }
}

export async function sendChunk(
  net: Net,
  url: string,
  offset: number,
  chunk: ArrayBuffer,
  auth: Auth,
): Promise<{ reply: Reply<unknown>; offset: number | null }> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', chunk))
  const reply = await call(net, {
    method: 'PATCH',
    path: url,
    raw: chunk,
    headers: {
      ...VERSION,
      ...CHUNK_TYPE,
      'Upload-Offset': String(offset),
      'Upload-Checksum': `sha256 ${btoa(String.fromCharCode(...hash))}`,
    },
    ...auth,
    deadlineMs: CHUNK_DEADLINE_MS,
    bodiless: true,
  })
  return { reply, offset: reply.kind === 'ok' ? readOffset(reply.headers) : null }
}

export async function hashBytes(bytes: ArrayBuffer): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

function readOffset(headers: Headers): number | null {
  const text = headers.get('Upload-Offset')
  return text !== null && /^\d+$/.test(text) ? Number(text) : null
}

/** Only the path is kept: behind a proxy the server may name itself by another host, which the policy forbids. */
function pathOf(url: string): string {
  if (!/^https?:/.test(url)) return url
  const { pathname, search } = new URL(url)
  return pathname + search
}
