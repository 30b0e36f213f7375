// Builds main process, trainer and preload script for development, and again after each change, with source maps.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolveConfig } from 'electron-vite'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Apart from what `npm start` and the tests run, which may go on meanwhile. */
export const developmentFolder = join(root, 'out/dev')

/** Resolves with Vite's configuration of the page once all is built; each further build calls one of the two functions. */
export async function buildForDevelopment({ onMain, onPreload }) {
  mkdirSync(join(developmentFolder, 'renderer'), { recursive: true }) // read by the main process; stays empty
  const { name, productName, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const manifest = { name, productName, version, main: 'main/index.js' }
  writeFileSync(join(developmentFolder, 'package.json'), JSON.stringify(manifest))

  const options = { outDir: 'out/dev', sourcemap: true, watch: { buildDelay: 100 } }
  const inline = { root, logLevel: 'warn', clearScreen: false, build: options }
  const { main, preload, renderer } = (await resolveConfig(inline, 'serve', 'development')).config
  await Promise.all([watch(main, onMain), watch(preload, onPreload)])
  return renderer
}

/** Resolves after the first build that succeeds. One that fails is told by Vite and leaves what was built before. */
async function watch(config, onRebuilt) {
  const watcher = await build(config)
  await new Promise((resolve) => {
    let failed = false
    let isFirst = true
    watcher.on('event', ({ code, result }) => {
      if (code === 'START') failed = false
      if (code === 'ERROR') failed = true
      void result?.close()
      if (code !== 'END' || failed) return
      if (isFirst) resolve()
      else onRebuilt()
      isFirst = false
    })
  })
}
