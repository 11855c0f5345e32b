import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { precache } from './precache.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/app/',
  publicDir: here('app/public'),
  plugins: [vue(), precache()],
  resolve: {
    alias: {
      '@': here('app'),
      // Tests live outside this folder, so their imports need to be told where the modules are.
      'fake-indexeddb': here('node_modules/fake-indexeddb'),
      idb: here('node_modules/idb'),
    },
  },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  build: {
    outDir: here('static/build'),
    emptyOutDir: true,
    target: ['chrome87', 'safari15'],
    assetsInlineLimit: 0, // the content policy allows no data: fonts or scripts
    modulePreload: { polyfill: false },
    // The recovery page starts without a line of the app's own start.
    rollupOptions: { input: { index: here('index.html'), recovery: here('recovery.html') } },
  },
  server: { fs: { allow: [here('..')] } },
  test: {
    include: ['../tests/pwa/**/*.test.ts'],
    setupFiles: [here('../tests/pwa/setup.ts')],
    pool: 'threads',
    // A window costs each file half a second; the few that need one say so on their first line.
    environment: 'node',
    maxWorkers: 2,
  },
})
