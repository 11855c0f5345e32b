import { call, DEADLINE_MS, type Net } from '@/net/http'
import type { Checklist } from '@/domain/checklists'
import type { SheetFields } from '@/domain/records'
import type { Database } from '@/storage/db'
import { readRefused, type Outcome } from './outcome'

/** Fetches every checklist version an assigned sheet names and this phone lacks; versions never change. */
export async function fetchMissingLists(db: Database, net: Net): Promise<Outcome> {
  const have = new Set(await db.getAllKeys('lib'))
  const wanted = new Set<string>()
  for (const row of await db.getAll('rows')) {
    if (row.t !== 'sheet' || row.gone) continue
    for (const { list } of (row.fields as unknown as SheetFields).lists ?? []) if (!have.has(list)) wanted.add(list)
  }
  for (const key of wanted) {
    const reply = await call<Checklist>(net, { method: 'GET', path: `/api/v1/lib/${key}`, deadlineMs: DEADLINE_MS })
    if (reply.kind === 'refused' && reply.status === 404) continue // taken back by the server; asked again next round
    if (reply.kind !== 'ok') return readRefused(reply)
    await db.put('lib', { key, etag: reply.headers.get('ETag'), list: reply.body })
  }
  return { kind: 'done' }
}
