// Verifies a record with the TypeScript implementation of docs/draw.md, as a visitor's browser does:
// node bench/verify_draw.mjs record.json
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const pwa = fileURLToPath(new URL('../pwa/', import.meta.url))
const { build } = await import(pathToFileURL(createRequire(`${pwa}package.json`).resolve('vite')).href)
const [made] = await build({
  configFile: false,
  logLevel: 'error',
  publicDir: false,
  build: { write: false, lib: { entry: `${pwa}app/domain/draw-records.ts`, formats: ['es'] } },
})
const code = Buffer.from(made.output[0].code).toString('base64')
const { findDifferences } = await import(`data:text/javascript;base64,${code}`)

const record = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const start = performance.now()
const busy = process.cpuUsage()
const differences = findDifferences(record).slice(0, 3)
const { user, system } = process.cpuUsage(busy)
const seconds = { clock: round((performance.now() - start) / 1000), processor: round((user + system) / 1e6) }
console.log(JSON.stringify({ seconds, differences }))

function round(seconds) {
  return Math.round(seconds * 100) / 100
}
