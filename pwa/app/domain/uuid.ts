/**
 * UUIDv7: 48 bits of milliseconds, then 74 random bits. Unique for ever; never used for order on the server,
 * but time-ordered keys keep the server's index warm. `nowMs` and `random` are passed in so that tests decide.
 */
export function makeUuid7(
  nowMs: number = Date.now(),
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(10)),
): string {
  const bytes = new Uint8Array(16)
  let rest = Math.max(0, Math.floor(nowMs))
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes.set(random, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A device id made at install; not a UUID, so that nobody mistakes one for an operation. */
export function makeDeviceId(random: Uint8Array = crypto.getRandomValues(new Uint8Array(12))): string {
  return `dev_${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
