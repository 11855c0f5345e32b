import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { dumpBase64Url } from '@/domain/base64url'
import { dumpCanonical, type Plain } from '@/domain/canonical'
import { sha256, toHex } from '@/domain/sha256'

/** A server's signing key (§13.9), made by other code than what checks it on the phone. */
export class CustodyKey {
  readonly listed: { key_id: string; public_key: string; since: string }
  private readonly secret: KeyObject

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
    this.secret = privateKey
    this.listed = { key_id: toHex(sha256(raw)).slice(0, 16), public_key: dumpBase64Url(raw), since: '2026-01-01T00:00:00.000Z' }
  }

  sign<T extends object>(receipt: T): { receipt: T; key_id: string; signature: string } {
    const signature = sign(null, new TextEncoder().encode(dumpCanonical(receipt as Plain)), this.secret)
    return { receipt, key_id: this.listed.key_id, signature: dumpBase64Url(signature) }
  }
}
