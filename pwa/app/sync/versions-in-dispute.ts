import { dumpCanonical, type Plain } from '@/domain/canonical'
import type { Row, Sibling, Writer } from '@/storage/db'

/** One of the versions a person chooses from: what it says, and whose it is. */
export interface Version {
  /** 0 for the present one: nobody's sibling. */
  id: number
  /** null: this phone was not told who wrote the present one. */
  writer: Writer | null
  fields: Record<string, unknown>
}

export interface Dispute {
  /** The fields that differ between the versions. */
  differing: string[]
  versions: Version[]
}

/** As the form asks for them. */
const ORDER = ['value', 'verdict', 'outcome', 'by_rest', 'note']
const rankOf = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)

/**
 * The present version first, then one per person: each field travels as a sibling of its own, but was filled in as one
 * answer. A version says of every disputed field what would stand there: its own, else the present one.
 */
export function listVersions(present: object, siblings: Sibling[], row: Row | undefined): Dispute {
  const names = [...new Set(siblings.flatMap((sibling) => Object.keys(sibling.fields)))].sort((a, b) => rankOf(a) - rankOf(b))
  const now = Object.fromEntries(names.map((name) => [name, (present as Record<string, unknown>)[name] ?? null]))
  const byAuthor = new Map<number, Version>()
  for (const { op, author, at, fields } of [...siblings].sort((a, b) => a.at.localeCompare(b.at))) {
    const writer = row?.writers?.[op] ?? { by: author, at, device: '' }
    byAuthor.set(author.id, { id: author.id, writer, fields: { ...now, ...byAuthor.get(author.id)?.fields, ...fields } })
  }
  const versions: Version[] = [{ id: 0, writer: writerOf(row, names), fields: now }, ...byAuthor.values()]
  const differing = names.filter((name) => new Set(versions.map((one) => dumpCanonical(one.fields[name] as Plain))).size > 1)
  return { differing: differing.length > 0 ? differing : names, versions }
}

/** Who last wrote any of these fields of the present version. */
function writerOf(row: Row | undefined, names: string[]): Writer | null {
  const heads = names.map((name) => row?.heads[name] ?? '')
  const found = heads.flatMap((head) => row?.writers?.[head] ?? [])
  return found.sort((a, b) => b.at.localeCompare(a.at))[0] ?? null
}

/** The siblings these own operations settle, whether the server has heard of it or not. */
export function listChosen(entries: { body: { resolves?: string[] }; result: { status: string } | null }[]): Set<string> {
  const live = entries.filter((entry) => [undefined, 'held', 'applied', 'merged'].includes(entry.result?.status))
  return new Set(live.flatMap((entry) => entry.body.resolves ?? []))
}
