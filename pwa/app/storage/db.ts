import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb'
import type { Checklist } from '@/domain/checklists'
import type { Plain } from '@/domain/canonical'
import type { ReceiptFault } from '@/domain/receipt'
import type { CustodyFile } from '@/domain/records'
import type { Card } from './cards'
import { DB_VERSION } from './version'
import type { Heads, Op, OpResult } from '@/sync/operation'

export interface OutboxEntry {
  seq: number
  op: string
  space: string
  entity: string
  body: Op
  /** null: the server has not answered for it yet. */
  result: OpResult | null
  /** A person has seen an outcome that needed seeing. */
  dismissed: boolean
  tried_at: number | null
  /** Payload hash (§13.3), the name under which a custody receipt knows the operation; absent in older queues. */
  sha256?: string
  /** After a restore the outcome came out otherwise than before (§5). */
  changed_from?: string
}

export interface Sibling {
  op: string
  author: { id: number; name: string }
  at: string
  fields: Record<string, Plain>
}

/** Who wrote one version of an answer in dispute; `device` is empty for a page at the office. */
export interface Writer {
  by: { id: number; name: string }
  at: string
  device: string
}

export interface Row {
  space: string
  t: string
  id: string
  seq: number
  fields: Record<string, unknown>
  heads: Heads
  siblings: Sibling[]
  /** By operation, of an answer in dispute; absent in rows of servers before it. */
  writers?: Record<string, Writer>
  gone?: boolean
  /** Reading round the row came with; rows of an older round go when a restarted round is complete. */
  round: number
}

export interface Cursor {
  space: string
  cursor: number
  round: number
  /** false while the first load is under way: an incomplete inspection is not shown. */
  ready: boolean
  /** The round after which rows of older ones were removed; absent where that was never looked for. */
  swept?: number
}

export interface PhotoMeta {
  sha256: string
  space: string
  entity: string
  op: string
  bytes: number
  mime: string
  width: number
  height: number
  thumb: ArrayBuffer | null
  taken_at: string
  /** `lost`: its bytes cannot be read any more and the officer has seen that. */
  state: 'waiting' | 'done' | 'lost'
  upload_url: string | null
  offset: number
  tries: number
  next_try: number
  error: string | null
  done_at: number | null
  /** When the bytes were let go under storage pressure (§7.6). */
  freed_at?: number
}

export interface Counter {
  device: string
  seq: number
  prev: string | null
}

export interface ServerState {
  epoch: string | null
  csrf: string | null
  last_seq: number
  durable_seq: number
  last_contact: number | null
  clock_off_ms: number
  needs_sign_in: boolean
  /** When the sign-in ends, ms; null where the server has not said. */
  session_until: number | null
  needs_upgrade: boolean
  /** The server said that this device or person is revoked: only recorded work is still sent, into quarantine (§10). */
  is_revoked: boolean
  wipe_ordered: boolean
  persisted: boolean | null
}

export interface Contact {
  device_ms: number
  server_time: string
  rtt_ms: number
}

/** The newest good custody receipt of an inspection (§13.9), kept as it came so that anybody can check it. */
export interface CustodyRow {
  space: string
  /** null: none that was good has come yet. */
  file: CustodyFile | null
  /** This phone has checked the signature; older apps kept receipts unchecked. */
  is_checked?: boolean
  /** The answer after it, which did not stand the check: nothing is let go while it is here. As it came, for the office. */
  refused?: { file: unknown; fault: ReceiptFault; at: number }
  /** What this phone knew to be received when it asked; asked again when that has changed. */
  asked: string
  fetched_at: number
}

/** Where a typed text belongs: space, entity, field. */
export type DraftKey = [space: string, entity: string, field: string]

/** What was typed and is not (yet) a value: half a pair, a number with a letter, a name before the signature. */
export interface TypedDraft {
  space: string
  entity: string
  field: string
  /** Raw text per input, as typed. */
  parts: Record<string, string>
  /** Head of the field when the typing began: the version the person had before their eyes. */
  base: string | null
}

interface Schema extends DBSchema {
  outbox: { key: number; value: OutboxEntry; indexes: { op: string; entity: [string, string]; space: string; status: string; changed: string } }
  rows: { key: [string, string]; value: Row; indexes: { space: string } }
  cursors: { key: string; value: Cursor }
  photos_meta: { key: string; value: PhotoMeta; indexes: { space: string; state: string; error: string; taken: [string, string]; rest: [string, number] } }
  /** Bytes alone, as ArrayBuffer: Blobs are refused by WebKit's private mode, and getAll of bytes stalls a phone. */
  photo_bytes: { key: string; value: ArrayBuffer }
  lib: { key: string; value: { key: string; etag: string | null; list: Checklist } }
  contacts: { key: number; value: Contact }
  drafts: { key: DraftKey; value: TypedDraft }
  custody: { key: string; value: CustodyRow; indexes: { refused: string } }
  cards: { key: string; value: Card; indexes: { group: string; lacks: string; conflicts: string } }
  meta: { key: string; value: unknown }
}

export type Database = IDBPDatabase<Schema>
export type StoreName = 'outbox' | 'rows' | 'cursors' | 'photos_meta' | 'photo_bytes' | 'lib' | 'contacts' | 'drafts' | 'custody' | 'cards' | 'meta'

type Upgrade = IDBPTransaction<Schema, StoreName[], 'versionchange'>

export const nameOfPersonDb = (personId: number): string => `suicha-${personId}`

/** What may happen to an open database from outside. */
export interface DbCalls {
  /** Another tab runs a newer app and needs the stores: write what is open, then the database is closed. */
  onOutdated?(): Promise<void> | void
  /** The browser ended the connection by itself. */
  onLost?(): void
  /** An older tab holds the stores; opening waits for it. */
  onBlocked?(): void
}

/** The database of one person on this phone: another person has another one, so no queue is ever mixed. */
export async function openPersonDb(personId: number, calls: DbCalls = {}): Promise<Database> {
  const db: Database = await openDB<Schema>(nameOfPersonDb(personId), DB_VERSION, {
    // Stores are added, never made anew: an upgrade must not touch a queue (§8).
    upgrade(fresh, version, _, tx) {
      if (version < 1) createFirstStores(fresh)
      if (version < 2) fresh.createObjectStore('drafts', { keyPath: ['space', 'entity', 'field'] })
      if (version < 3) fresh.createObjectStore('custody', { keyPath: 'space' })
      if (version < 4) addCards(fresh, tx)
    },
    blocked: () => calls.onBlocked?.(),
    // Another tab runs a newer version of the app: give way, or its upgrade waits for ever.
    blocking() {
      void Promise.resolve(calls.onOutdated?.()).finally(() => db.close())
    },
    terminated: () => calls.onLost?.(),
  })
  return db
}

function createFirstStores(fresh: Database): void {
  const outbox = fresh.createObjectStore('outbox', { keyPath: 'seq' })
  outbox.createIndex('op', 'op', { unique: true })
  outbox.createIndex('entity', ['space', 'entity'])
  outbox.createIndex('space', 'space')
  fresh.createObjectStore('rows', { keyPath: ['space', 'id'] }).createIndex('space', 'space')
  fresh.createObjectStore('cursors', { keyPath: 'space' })
  const photos = fresh.createObjectStore('photos_meta', { keyPath: 'sha256' })
  photos.createIndex('space', 'space')
  photos.createIndex('state', 'state')
  fresh.createObjectStore('photo_bytes')
  fresh.createObjectStore('lib', { keyPath: 'key' })
  fresh.createObjectStore('contacts', { autoIncrement: true })
  fresh.createObjectStore('meta')
}

/** Indexes over what most entries lack: they hold the few that somebody looks for among thousands. */
function addCards(fresh: Database, tx: Upgrade): void {
  const cards = fresh.createObjectStore('cards', { keyPath: 'space' })
  cards.createIndex('group', 'group')
  cards.createIndex('lacks', 'lacks', { multiEntry: true })
  cards.createIndex('conflicts', 'conflicts', { multiEntry: true })
  tx.objectStore('outbox').createIndex('status', 'result.status')
  tx.objectStore('outbox').createIndex('changed', 'changed_from')
  const photos = tx.objectStore('photos_meta')
  photos.createIndex('error', 'error')
  photos.createIndex('taken', ['state', 'taken_at'])
  photos.createIndex('rest', ['state', 'next_try'])
  tx.objectStore('custody').createIndex('refused', 'refused.fault')
}

/** `strict`: the browser answers only after the operating system was told to flush. */
export const STRICT = { durability: 'strict' } as const
