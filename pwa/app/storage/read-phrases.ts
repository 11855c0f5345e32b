import type { Phrase, PhrasesFields } from '@/domain/phrases'
import type { Database } from './db'

/** The phrases that came with the person's own space; empty where none have. */
export async function readPhrases(db: Database, personId: number): Promise<Phrase[]> {
  const row = await db.get('rows', [`user:${personId}`, 'phrases:own'])
  return row && !row.gone ? (row.fields as unknown as PhrasesFields).phrases : []
}
