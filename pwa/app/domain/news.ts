/** What an officer who is not looking at the app wants to hear of, each kind as one notification. */
export const NEWS = ['returned', 'refused', 'conflict', 'assigned', 'sent'] as const
export type NewsKind = (typeof NEWS)[number]

/** Per kind, the names of what there is at a moment. */
export type Standing = Record<NewsKind, readonly string[]>

export const NOTHING: Standing = { returned: [], refused: [], conflict: [], assigned: [], sent: [] }

export interface News {
  kind: NewsKind
  /** All that came since the officer last looked, also what was told before: the later word replaces the earlier. */
  n: number
}

/** What came since the officer looked (`seen`), of each kind in which something was not told yet. */
export function listNews(seen: Standing, told: Standing, now: Standing): News[] {
  return NEWS.flatMap((kind) => {
    const fresh = now[kind].filter((name) => !seen[kind].includes(name))
    return fresh.some((name) => !told[kind].includes(name)) ? [{ kind, n: fresh.length }] : []
  })
}
