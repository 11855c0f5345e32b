/** The lead's day as the server told it (docs/protocol 13.11). */
export interface LeadDay {
  person: number
  day: string
  made_at: string
  counts: Record<string, number>
  sheets: DaySheet[]
}

export interface DaySheet {
  inspection: number
  sheet: string
  number: string
  firm: string
  department: string
  state: string
  done: number
  total: number
  conflicts: number
  holders: { name: string; photos: number; held: number; unsent: number; unsent_photos: number }[]
  findings: DayFinding[]
}

export interface DayFinding {
  item: string
  severity: string
  text: string
  answer: string
  note: string
  photos: number
  /** Digests of those whose small picture the server has; a day kept from an older server says none. */
  shown?: string[]
}

export const STAGES = ['planned', 'visited', 'received', 'submitted', 'returned', 'accepted', 'entered'] as const
const SEVERITIES = ['critical', 'major', 'minor']

/** Only what has this shape is kept: an older or newer server's answer must not stand for a day. */
export function isLeadDay(value: unknown): value is LeadDay {
  const day = value as Partial<LeadDay> | null
  return (
    typeof day?.person === 'number' &&
    typeof day.day === 'string' &&
    typeof day.made_at === 'string' &&
    typeof day.counts === 'object' &&
    Array.isArray(day.sheets) &&
    day.sheets.every((one) => Array.isArray(one?.findings) && Array.isArray(one.holders))
  )
}

/** Whole minutes since then; a clock that went back makes nothing younger than new. */
export const ageInMinutes = (then: number, now: number): number => Math.max(0, Math.floor((now - then) / 60_000))

/** What a lead looks at first: handed in, then with findings, the most severe first; then by number. */
export function byUrgency(a: DaySheet, b: DaySheet): number {
  return Number(b.state === 'submitted') - Number(a.state === 'submitted') || worst(a) - worst(b) || (a.number < b.number ? -1 : 1)
}

function worst(sheet: DaySheet): number {
  const ranks = sheet.findings.map((one) => SEVERITIES.indexOf(one.severity)).map((rank) => (rank < 0 ? SEVERITIES.length : rank))
  return Math.min(SEVERITIES.length + 1, ...ranks)
}
