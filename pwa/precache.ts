import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build, type Plugin } from 'vite'

/**
 * Lists every built file with a hash of its bytes, then builds the service worker with that list inside. What public
 * pages load is built beside the app and is not on the list: no phone keeps it.
 */
export function precache(): Plugin {
  let outDir = ''
  return {
    name: 'suicha-precache',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir
    },
    async closeBundle() {
      const files = listFiles(outDir).filter((path) => path !== 'sw.js' && !path.startsWith('public/'))
      const assets = files.map((path) => [`/app/${path}`, hashOf(join(outDir, path))] as const)
      const version = createHash('sha256').update(JSON.stringify(assets)).digest('hex').slice(0, 12)
      const known = { __PRECACHE__: JSON.stringify(assets), __VERSION__: JSON.stringify(version) }
      await buildAlone(outDir, 'app/sw/sw.ts', 'sw.js', known)
      await buildAlone(outDir, 'app/verify/main.ts', 'public/verify.js')
      for (const path of listFiles(outDir).filter((one) => TEXTS.test(one))) pack(join(outDir, path))
    },
  }
}

/** One script that needs no other file. */
async function buildAlone(outDir: string, entry: string, file: string, define: Record<string, string> = {}): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    resolve: { alias: { '@': fileURLToPath(new URL('app', import.meta.url)) } },
    define,
    build: {
      outDir,
      emptyOutDir: false,
      target: ['chrome87', 'safari15'],
      lib: { entry: fileURLToPath(new URL(entry, import.meta.url)), formats: ['iife'], name: 'script', fileName: () => file },
    },
  })
}

const TEXTS = /\.(js|css|html|webmanifest)$/

/** Beside each text its packed forms, which the server hands to whoever takes them: a third of the bytes on the way. */
function pack(path: string): void {
  const bytes = readFileSync(path)
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(`${path}.br`, brotliCompressSync(bytes))
}

function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
}
