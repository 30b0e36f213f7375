import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { buildGpuPage } from './scripts/gpu-page.mjs'

const here = (path: string) => resolve(__dirname, path)
const alias = { '@shared': here('src/shared') }

// CI reaches only an old Electron; BOTTLENECK_LAB_TARGET=old builds for what it carries (Node 16, Chromium 108).
const old = process.env.BOTTLENECK_LAB_TARGET === 'old'
const node = old ? 'node16' : 'node20'
const chrome = old ? 'chrome108' : 'chrome150'

/** The scripts of WebGPU's hidden page, which lie apart from the interface: out/main/gpu-page/. */
const gpuPage = {
  name: 'gpu-page',
  writeBundle: () => buildGpuPage(here('out/main/gpu-page'), { target: chrome, old })
}

export default defineConfig({
  main: {
    resolve: { alias },
    plugins: [gpuPage],
    build: {
      target: node,
      rollupOptions: {
        input: {
          index: here('src/main/index.ts'),
          trainer: here('src/main/trainer/trainer.ts'),
          'analysis-process': here('src/main/analysis/analysis-process.ts'),
          'export-process': here('src/main/export/export-process.ts'),
          'pca-worker': here('src/main/trainer/pca-worker.ts'),
          'report-process': here('src/main/report/report-process.ts'),
          'tensorflow-worker': here('src/main/trainer/engines/tensorflow/tensorflow-worker.ts'),
          'tensorflow-report': here('src/main/trainer/engines/tensorflow/tensorflow-report.ts')
        },
        output: {
          format: 'cjs',
          // Node 16's import() does not see into a package's archive, require() does.
          dynamicImportInCjs: false,
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js'
        }
      }
    }
  },
  preload: {
    resolve: { alias },
    build: {
      target: node,
      externalizeDeps: false,
      rollupOptions: {
        input: { 'page-bridge': here('src/preload/page-bridge.ts'), gpu: here('src/preload/gpu.ts') },
        output: { format: 'cjs', entryFileNames: '[name].js' }
      }
    }
  },
  renderer: {
    root: here('src/renderer'),
    resolve: { alias },
    plugins: [vue()],
    build: { target: chrome, rollupOptions: { input: here('src/renderer/index.html') } }
  }
})
