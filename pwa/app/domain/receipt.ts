import { parseBase64Url } from './base64url'
import { dumpCanonical, type Plain } from './canonical'
import { verifyEd25519, type Importer } from './ed25519'
import type { CustodyFile } from './records'
import { sha256, toHex } from './sha256'

const FORMAT = 'suicha-custody/1'
const DOCUMENT = ['receipt', 'key_id', 'signature']
const RECEIPT = [
  'format', 'jurisdiction', 'inspection', 'number', 'person', 'epoch', 'issued_at', 'space_seq',
  'ops', 'photos', 'photos_declared', 'photos_stored', 'is_complete',
]

export type ReceiptFault =
  | 'custody.wrong_shape'
  | 'custody.unknown_format'
  | 'custody.unknown_key'
  | 'custody.not_canonical'
  | 'custody.bad_signature'

/** Public keys in base64url by id. */
export type CustodyKeys = Record<string, string>

/** Whether the id is this key's: the first 16 hex digits of its SHA-256, so that no answer can give a known id another key. */
export function isKeyOf(keyId: string, publicKey: unknown): boolean {
  const raw = parseBase64Url(publicKey)
  return raw?.length === 32 && toHex(sha256(raw)).slice(0, 16) === keyId
}

/**
 * What is wrong with a custody receipt (§13.9); null when the holder of one of these keys signed exactly this. The
 * same words as the server's `check_document`, held together by `tests/vectors/custody.json`. Raises when the
 * signature could be neither proven nor disproven here.
 */
export async function checkReceipt(file: unknown, keys: CustodyKeys, subtle?: Importer): Promise<ReceiptFault | null> {
  if (!isReceiptFile(file)) return 'custody.wrong_shape'
  const { receipt, key_id } = file
  if (receipt.format !== FORMAT) return 'custody.unknown_format'
  const known = keys[key_id]
  if (!isKeyOf(key_id, known)) return 'custody.unknown_key'
  const text = dumpOrNull(receipt as unknown as Plain)
  const [key, signature] = [parseBase64Url(known), parseBase64Url(file.signature)]
  if (text === null || key === null || signature === null) return 'custody.bad_signature'
  if (!isNormal(receipt as unknown as Plain)) return 'custody.not_canonical'
  return (await verifyEd25519(key, signature, new TextEncoder().encode(text), subtle)) ? null : 'custody.bad_signature'
}

function isReceiptFile(value: unknown): value is CustodyFile {
  return hasExactly(value, DOCUMENT) && hasExactly(value.receipt, RECEIPT) && typeof value.key_id === 'string'
}

function hasExactly(value: unknown, names: string[]): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).length === names.length && names.every((name) => name in value)
}

/** null for what has no canonical form (a fraction), and was therefore never signed. */
function dumpOrNull(value: Plain): string | null {
  try {
    return dumpCanonical(value)
  } catch {
    return null
  }
}

/** All texts in NFC: the canonical form is the same for others, so the signature alone would not tell them apart. */
function isNormal(value: Plain | undefined): boolean {
  if (typeof value === 'string') return value === value.normalize('NFC')
  if (Array.isArray(value)) return value.every(isNormal)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, member]) => isNormal(name) && isNormal(member))
}
