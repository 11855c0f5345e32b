import type { Database } from './db'
import { getCounter } from './state'

/** Up to which number of which device the unsent work was handed to the person as a file. */
interface ExportMark {
  device: string
  seq: number
  at: number
}

export async function markExported(db: Database, at: number): Promise<void> {
  const { device, seq } = await getCounter(db)
  await db.put('meta', { device, seq, at } satisfies ExportMark, 'exported')
}

/** Whether the last file holds everything recorded so far; each photo has an operation, so numbers tell. */
export async function isCovered(db: Database): Promise<boolean> {
  const [mark, counter] = [(await db.get('meta', 'exported')) as ExportMark | undefined, await getCounter(db)]
  return mark !== undefined && mark.device === counter.device && mark.seq >= counter.seq
}
