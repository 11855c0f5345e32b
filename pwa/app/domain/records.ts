import type { AbsenceReason } from './attendance'
import type { AnswerFields, AnswerValue } from './checklists'
import type { PhotoManifest } from './evidence'
import type { Relation } from './firm-part'
import type { Signed } from './signing'

/** Rows of a pull as the phone keeps them (protocol §13.4), typed per kind. */
export interface Person {
  id: number
  name: string
}
export interface Moment {
  by: Person | number | string
  at: string
}
export interface TeamMember {
  officer_id: number
  person_id: number | null
  name: string
  cert_no: string
  department: string
  is_lead: boolean
}
export interface InspectionFields {
  number: string
  task: { id: number; name: string; task_no: string }
  firm: {
    name: string
    uscc: string
    category: string | null
    tier: string | null
    address: string | null
    contact_name: string | null
    contact_phone: string | null
    licence_no: string | null
    /** Absent before anybody was told, null where the register does not say. */
    place?: FirmPlace | null
  }
  /** `null`: none on record; absent: published before anybody was told. */
  last?: LastVisit | null
  /** Absent in rows of servers before it. */
  assigned_on?: string
  planned_on: string | null
  team: TeamMember[]
  sheets: string[]
  ended_on: string | null
  due_on: string | null
  is_provisional: boolean
  may: string[]
  /** The last part of the public address where the firm sees who is sent. */
  door?: string
}
/** The firm's last visit with a result, of whatever department, as known when this one was published. */
export interface LastVisit {
  on: string | null
  task: string
  number: string
  results: { department: string; result: number }[]
}
/** Row `past:<sheet>`: the same department's last finding at each item. */
export interface PastFields {
  as_of: string
  findings: Record<string, PastFinding>
}
export interface PastFinding {
  on: string | null
  verdict: 'pass' | 'fail' | 'na'
  result: number
  value?: AnswerValue
  note?: string
  outcome?: string
}
export type SheetState = 'open' | 'submitted' | 'returned' | 'accepted' | 'entered' | 'published'
export interface SheetFields {
  department: { code: string; name: string }
  lists: { list: string; items: string[] }[]
  state: SheetState
  return_reason: string | null
  /** What the lead says of single items; absent in rows of servers before it. */
  return_comments?: Record<string, string> | null
  /** The last time the lead gave it back, also once it is handed in anew; absent in rows of servers before it. */
  returned?: Moment | null
  ended_on: string | null
  submitted: Moment | null
  accepted: Moment | null
  entered: (Moment & { op: string; version: number }) | null
  results: Record<string, number>
  result: number | null
}
export interface PhotoFields {
  sha256: string
  bytes: number
  mime: string
  width: number
  height: number
  manifest?: PhotoManifest
  attached: string[]
  stored: boolean
}
export interface SignatureFields {
  sheet: string
  /** `notice`: the firm's receipt of the notice, or its refusal to take it; `unsigned`: it has not signed again after a return. */
  role: 'officer' | 'firm' | 'notice' | 'unsigned'
  officer_id?: number
  name: string
  post?: string
  relation?: Relation
  /** Where the relation is another, in words. */
  relation_note?: string
  refused: boolean
  reason?: string
  statement?: string
  /** Absent in signatures of apps before it. */
  signed?: Signed
  /** The number of the notice's text. */
  notice?: number
  strokes: number[][][]
  size: [number, number]
}
export interface FirmPlace {
  lat_e7: number
  lng_e7: number
}
export interface Place extends FirmPlace {
  accuracy_m: number
}
/** Of an officer who is there; `late`: answers were on record already. */
export interface ArrivalFields {
  sheet: string
  officer_id: number
  place: Place | null
  late?: true
}
/** Of one who is not. Named under another field, so that nothing that counts arrivals takes it for one. */
export interface AbsenceFields {
  sheet: string
  absent: number
  reason: AbsenceReason
  note?: string
}
export type CheckinFields = ArrivalFields | AbsenceFields
export interface ProposalFields {
  op: string
  space: string
  entity: string
  kind: string
  status: string
  payload: { fields?: AnswerFields } & Record<string, unknown>
  current: AnswerFields & Record<string, unknown>
  locked: { by: string; op: string; at: string; version: number } | null
  state: 'draft' | 'submitted' | 'dropped' | 'approved' | 'refused'
  made_at: string
  decided?: { by: Person; at: string; reason: string; version: number | null }
}

/** A corrected answer or result (§13.10): what holds now is laid over what was entered, version by version. */
export interface VersionFields {
  sheet: string
  version: number
  changes: { entity: string; field: string; old: unknown; new: unknown }[]
  reason: string
  proposed_by: Person
  approved_by: Person
  approved_at: string
  op: string
}
/** A custody receipt as the server signed it (§13.9). */
export interface CustodyFile {
  receipt: {
    format: string
    inspection: string
    number: string
    person: Person
    epoch: string
    issued_at: string
    ops: { op: string; sha256: string; status: string }[]
    photos: { sha256: string; bytes: number; stored: boolean }[]
    photos_declared: number
    photos_stored: number
    is_complete: boolean
  }
  key_id: string
  signature: string
}
