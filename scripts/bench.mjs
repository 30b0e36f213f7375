// `npm run bench`: bundles bench/ into out/bench and runs it with the arguments given; `--help` lists them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { buildIfStale } from './build-if-stale.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'out/bench')

buildIfStale()
await build({
  configFile: false,
  root,
  logLevel: 'warn',
  resolve: { alias: { '@shared': join(root, 'src/shared') } },
  ssr: { noExternal: true, external: ['onnxruntime-node'] },
  build: {
    ssr: true,
    target: 'node20',
    outDir: folder,
    rollupOptions: {
      external: /^@tensorflow\//,
      input: { index: join(root, 'bench/index.ts'), 'products-worker': join(root, 'bench/products-worker.ts') },
      output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' }
    }
  }
})
const entry = [join(folder, 'index.js'), ...process.argv.slice(2)]
const { status, signal } = spawnSync(process.execPath, entry, { stdio: 'inherit' })
if (signal) console.error(`The bench was ended by ${signal}.`)
process.exitCode = status ?? 1
