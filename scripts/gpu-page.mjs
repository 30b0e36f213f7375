// Builds the two scripts of WebGPU's hidden page, each one file without imports: a worker of a sandboxed page loads nothing else.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const folder = here('src/main/trainer/engines/webgpu/page')

/** Writes page.js and worker.js to `outDir`. `old`: for the Chromium 108 of continuous integration, with what that lacks. */
export async function buildGpuPage(outDir, { target, old }) {
  const entries = { page: `${folder}/page.ts`, worker: `${folder}/gpu-worker.ts` }
  if (old) entries.worker = here('tests/fixtures/webgpu/old-chromium-worker.ts')
  for (const [name, entry] of Object.entries(entries)) {
    await build({
      configFile: false,
      logLevel: 'warn',
      resolve: { alias: { '@shared': here('src/shared') } },
      build: {
        target,
        outDir,
        emptyOutDir: false,
        rollupOptions: { input: entry, output: { format: 'iife', entryFileNames: `${name}.js` } }
      }
    })
  }
}
