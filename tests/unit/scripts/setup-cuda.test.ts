import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cudaFolder } from '../../../src/main/system/addons'

interface Archive {
  addFile(path: string, content: Buffer): void
  writeZip(path: string): void
}
const require = createRequire(import.meta.url)
const AdmZip = require('adm-zip') as new () => Archive
const { version } = JSON.parse(readFileSync('node_modules/onnxruntime-node/package.json', 'utf8')) as {
  version: string
}

const isLinux = process.platform === 'linux' && process.arch === 'x64'

describe('npm run setup:cuda', () => {
  beforeEach(({ skip }) => skip(!isLinux, 'needs Linux on x64'))
  let home = ''
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-cuda-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const environment = () => ({ ...process.env, BOTTLENECK_LAB_HOME: home })
  const setup = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/setup-cuda.mjs', ...args], { env: environment(), encoding: 'utf8' })

  /** A package with these libraries in it, each holding its name or what is given. */
  function packageWith(...parts: (string | Record<string, string>)[]): string {
    const archive = new AdmZip()
    const contents = parts.flatMap((part) => (typeof part === 'string' ? [[part, part]] : Object.entries(part)))
    for (const [part, content = ''] of contents) {
      archive.addFile(`runtimes/linux-x64/native/libonnxruntime_providers_${part}.so`, Buffer.from(content))
    }
    const path = join(home, 'package.nupkg')
    archive.writeZip(path)
    return path
  }

  it('puts the libraries of a package beside a copy of the runtime, where the application looks', () => {
    expect(setup('--package', packageWith('shared', 'cuda', 'tensorrt')).status).toBe(0)
    const folder = cudaFolder(version, environment())
    expect(readdirSync(folder).sort()).toEqual([
      'libonnxruntime.so.1',
      'libonnxruntime_providers_cuda.so',
      'libonnxruntime_providers_shared.so'
    ])
    expect(readFileSync(join(folder, 'libonnxruntime_providers_cuda.so'), 'utf8')).toBe('cuda')
  })

  it('says which CUDA the library asks for', () => {
    expect(setup('--package', packageWith('shared', 'cuda')).stdout).toContain('CUDA and cuDNN 9 are needed')
    expect(setup('--package', packageWith({ shared: '', cuda: '…libcudart.so.13…' })).stdout).toContain('CUDA 13 and')
  })

  it('leaves nothing behind of a package that is not the right one', () => {
    const { status, stderr } = setup('--package', packageWith('shared'))
    expect(status).toBe(1)
    expect(stderr).toMatch(/holds no libonnxruntime_providers_cuda\.so: expected .* \d/)
    expect(readdirSync(join(home, 'data/addons'))).toEqual([])
  })

  it.each([
    ['no package', /can't be read/],
    ['', /There is no file/]
  ])('says what is wrong with a file that holds %j', (content, sentence) => {
    const path = join(home, 'file')
    if (content) writeFileSync(path, content)
    const { status, stderr } = setup('--package', path)
    expect(status).toBe(1)
    expect(stderr.trim()).toMatch(sentence)
    expect(stderr.trim()).not.toContain('\n')
    expect(existsSync(cudaFolder(version, environment()))).toBe(false)
  })
})
