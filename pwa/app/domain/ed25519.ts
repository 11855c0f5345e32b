/** What is asked of WebCrypto; tests pass one that lacks the algorithm. */
export type Importer = Pick<SubtleCrypto, 'importKey' | 'verify'>

/**
 * Whether this key signed these bytes (RFC 8032). Raises when neither the browser nor the library can tell: then
 * nobody knows, which is not "no".
 *
 * WebCrypto has Ed25519 since Chrome 137, Firefox 129 and Safari 17; phones with an older WebView get it from a
 * library of their own chunk, which the start of the app does not load.
 */
export async function verifyEd25519(
  key: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
  subtle: Importer = crypto.subtle,
): Promise<boolean> {
  // Checked here, so that what is left for importKey to refuse is the algorithm, and both ways answer alike.
  if (key.length !== 32 || signature.length !== 64) return false
  const known = await subtle.importKey('raw', key, 'Ed25519', false, ['verify']).catch(() => null)
  if (known) return subtle.verify('Ed25519', known, signature, message)
  const { verifyAsync } = await import('@noble/ed25519')
  // The strict reading; the library's own default takes more than one encoding for the same point.
  return verifyAsync(signature, message, key, { zip215: false })
}
