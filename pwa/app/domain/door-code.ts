/** `domain/door_codes.py` says the same, with the same vectors. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const USED = 8 // letters of the token: 48 bits, which a number holds exactly

/** The code beneath the QR code, `42-K7QM-2F9D`, of a visit's token. */
export function buildDoorCode(token: string): string {
  const at = token.indexOf('-')
  let number = 0
  for (const letter of token.slice(at + 1, at + 1 + USED)) number = number * 64 + BASE64URL.indexOf(letter)
  let code = ''
  while (code.length < 8) {
    code += ALPHABET[number % ALPHABET.length]
    number = Math.floor(number / ALPHABET.length)
  }
  return `${token.slice(0, at)}-${code.slice(0, 4)}-${code.slice(4)}`
}
