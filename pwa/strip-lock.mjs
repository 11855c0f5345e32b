// Takes the `funding` and `deprecated` keys (URLs of code hosts) out of package-lock.json.
// Run after every change of the lock; `npm ci` accepts the result. Another lock is named as argument.
import { readFileSync, writeFileSync } from 'node:fs'

const path = process.argv[2] ?? new URL('./package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
for (const entry of Object.values(lock.packages)) {
  delete entry.funding
  delete entry.deprecated
}
writeFileSync(path, JSON.stringify(lock, null, 2) + '\n')
