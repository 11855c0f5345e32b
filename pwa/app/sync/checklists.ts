import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { Checklist } from '@/domain/checklists'
import { atomically } from '@/storage/atomic'
import { dropCards, listCardless } from '@/storage/cards'
import type { Database } from '@/storage/db'
import { listNamed } from './card'
import { readRefused, type Outcome } from './outcome'

/** Fetches every checklist version an assigned sheet names and this phone lacks; versions never change. */
export async function fetchMissingLists(db: Database, net: Net): Promise<Outcome> {
  for (const key of await listMissing(db)) {
    const reply = await call<Checklist>(net, { method: 'GET', path: `/api/v1/lib/${key}`, deadlineMs: DEADLINE_MS })
    if (reply.kind === 'refused' && reply.status === 404) continue // taken back by the server; asked again next round
    if (reply.kind !== 'ok') return readRefused(reply)
    const tx = db.transaction(['lib', 'cards'], 'readwrite')
    await atomically(tx, async () => {
      await tx.objectStore('lib').put({ key, etag: reply.headers.get('ETag'), list: reply.body })
      await dropCards(tx, await tx.objectStore('cards').index('lacks').getAllKeys(key))
    })
  }
  return { kind: 'done' }
}

/** By the cards, which say what they lack; where there is none yet, by the inspection's sheets. */
async function listMissing(db: Database): Promise<Set<string>> {
  const tx = db.transaction(['lib', 'cards', 'cursors', 'rows'])
  const wanted = new Set<string>()
  const lacks = tx.objectStore('cards').index('lacks')
  for (let at = await lacks.openKeyCursor(null, 'nextunique'); at; at = await at.continue()) wanted.add(at.key)
  for (const space of await listCardless(tx)) {
    const sheets = await tx.objectStore('rows').getAll(IDBKeyRange.bound([space, 'sheet:'], [space, 'sheet;'], false, true))
    for (const list of listNamed(sheets)) wanted.add(list)
  }
  for (const key of await tx.objectStore('lib').getAllKeys()) wanted.delete(key)
  return wanted
}
