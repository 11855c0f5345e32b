import type { AnswerFields } from './checklists'
import { dumpCanonical } from './canonical'
import { buildContent } from './content'
import { sha256Hex } from './sha256'

/** What was before the signer's eyes (protocol §13.3), kept with the strokes. */
export interface Signed {
  digest: string
  photos: string[]
}

export interface SheetAsShown {
  inspection: string
  sheet: string
  /** item code → fields */
  answers: Record<string, AnswerFields>
  /** hashes of the photos that stand on the sheet */
  photos: string[]
}

/** SHA-256 (hex) of the canonical answers and of these photos' hashes. */
export function digestSigned(shown: SheetAsShown, photos: string[] = shown.photos): string {
  const { inspection, sheet, answers } = shown
  const content = buildContent({ inspection, sheet, answers, photos: {}, signatures: [], checkins: [], results: {} }) as { answers: object }
  return sha256Hex(dumpCanonical({ inspection, sheet, answers: content.answers as never, photos: [...photos].sort() }))
}

export function sign(shown: SheetAsShown): Signed {
  return { digest: digestSigned(shown), photos: [...shown.photos].sort() }
}

/**
 * Whether what a signature covers has changed since: an answer, or a signed photo taken away. A photo that came later
 * takes nothing from it; a refusal, and one from an app that did not say what it covers, are never void.
 */
export function isVoid(signature: { signed?: Signed; refused: boolean }, shown: SheetAsShown): boolean {
  const { signed } = signature
  if (!signed || signature.refused) return false
  return signed.photos.some((photo) => !shown.photos.includes(photo)) || digestOnce(shown, signed.photos) !== signed.digest
}

/** Everybody signs the same sheet: what it comes to is computed once for all who signed the same photos. */
const digests = new WeakMap<SheetAsShown, Map<string, string>>()
function digestOnce(shown: SheetAsShown, photos: string[]): string {
  const known = digests.get(shown) ?? new Map<string, string>()
  digests.set(shown, known)
  const name = photos.join()
  const digest = known.get(name) ?? digestSigned(shown, photos)
  known.set(name, digest)
  return digest
}

const MAX_REASON = 500
const MAX_STATEMENT = 2000

/** The first of the two texts that is longer than the server takes, in characters; null when both fit. Nothing is cut. */
export function findTooLong(reason: string, statement: string): { field: 'reason' | 'statement'; most: number; count: number } | null {
  const [inReason, inStatement] = [[...reason.trim()].length, [...statement.trim()].length]
  if (inReason > MAX_REASON) return { field: 'reason', most: MAX_REASON, count: inReason }
  return inStatement > MAX_STATEMENT ? { field: 'statement', most: MAX_STATEMENT, count: inStatement } : null
}
