import type { SignatureFields } from './records'

/** Who the firm's person is to the firm 与被检查单位的关系; `domain/firm_part.py` says the same. */
export const RELATIONS = ['legal', 'head', 'agent', 'staff', 'other'] as const
export type Relation = (typeof RELATIONS)[number]
export const MAX_RELATION_NOTE = 64

/** What stands for the firm. `void`: it signed, and the record changed since. The first of these that is there counts. */
const PARTS = ['signed', 'refused', 'unsigned', 'void', 'none'] as const
export type FirmPart = (typeof PARTS)[number]

type Told = Pick<SignatureFields, 'role' | 'refused' | 'reason'>

/** The firm's own word goes before what the officers say of it, what stands before what is void. */
export function readFirmPart(signatures: (Told & { isVoid: boolean })[]): FirmPart {
  const parts = new Set(signatures.map(partOf))
  return PARTS.find((one) => parts.has(one)) ?? 'none'
}

/** Whether it may be recorded that the firm has not signed again (protocol §13.3): there was a first time. */
export function mayBeUnsigned(wasReturned: boolean, signatures: Pick<Told, 'role'>[]): boolean {
  return wasReturned && signatures.some((one) => one.role === 'firm')
}

function partOf({ role, refused, reason, isVoid }: Told & { isVoid: boolean }): FirmPart {
  const hasReason = Boolean(reason?.trim())
  if (role === 'firm' && refused) return hasReason ? 'refused' : 'none'
  if (role === 'firm') return isVoid ? 'void' : 'signed'
  return role === 'unsigned' && hasReason && !isVoid ? 'unsigned' : 'none'
}
