/**
 * base64url without padding (RFC 4648 part 5), strictly: one text for each bytes, so that no letter of a signature can
 * be changed unnoticed. null for anything else.
 */
export function parseBase64Url(text: unknown): Uint8Array<ArrayBuffer> | null {
  if (typeof text !== 'string' || !/^[\w-]*$/.test(text)) return null
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
  } catch {
    return null
  }
  return dumpBase64Url(bytes) === text ? bytes : null
}

export function dumpBase64Url(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
