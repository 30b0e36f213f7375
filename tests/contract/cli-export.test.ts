// `lab export` as built, started as a user starts it, on a small real run.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'cli-export-'))
const program = resolve('out/main/index.js')
const run = join(home, 'my-run')
afterAll(() => rmSync(home, { recursive: true, force: true }))

function lab(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { cwd: home, env: { ...process.env, BOTTLENECK_LAB_HOME: home } }
  return new Promise((done) =>
    execFile(process.execPath, [program, ...argv], options, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr })
    )
  )
}

const all = 'onnx,keras,safetensors,tfjs,codes,csv,tensorboard,script-keras,script-pytorch,notebook'
/** What a slow machine is told meanwhile: `3 of 64: NAME`. */
const PROGRESS = /^\d+ of \d+: \S+\n/gm

beforeAll(async () => {
  const small = ['--train-limit', '500', '--epochs', '1', '--dims', '2,4', '--seeds', '2', '--device', 'cpu', '--json']
  expect(await lab('run', ...small, '--out', run)).toMatchObject({ code: 0 })
})

test('writes every format of every model, prints the files, and writes the same bytes again', async () => {
  const first = await lab('export', run, '--what', all, '--out', 'first')
  expect([first.code, first.stderr.replace(PROGRESS, '')]).toEqual([0, ''])
  const names = readdirSync(join(home, 'first'))
  expect(first.stdout.trim().split('\n').sort()).toEqual(names.map((name) => join(home, 'first', name)).sort())
  expect(names).toHaveLength(4 * (3 + 3 + 1 + 6 + 2) + 5)
  await lab('export', run, '--what', all, '--out', 'second')
  for (const name of names) {
    expect(readFileSync(join(home, 'second', name)).equals(readFileSync(join(home, 'first', name)))).toBe(true)
  }
})

test('writes the models that are named: of one seed, or of all', async () => {
  const of = async (models: string) => {
    const { code, stdout } = await lab('export', run, '--what', 'safetensors', '--model', models, '--out', models)
    expect(code).toBe(0)
    return stdout.match(/d=[^/\\]*(?=\.safetensors)/g)
  }
  expect(await of('d=2')).toEqual(['d=2.seed=1', 'd=2.seed=2'])
  expect(await of('d=4.seed=2,d=2.seed=1')).toEqual(['d=2.seed=1', 'd=4.seed=2'])
})

test('refuses what there is not, and writes nothing', async () => {
  const refused = async (...argv: string[]) => {
    const ended = await lab('export', run, ...argv)
    expect([ended.code, ended.stdout, existsSync(join(home, 'none'))]).toEqual([2, '', false])
    return ended.stderr
  }
  const formats = 'onnx, keras, safetensors, tfjs, codes, csv, svg, tensorboard, script-keras, script-pytorch, notebook'
  expect(await refused('--what', 'onnx,png', '--out', 'none')).toBe(
    `--what is not usable: found png in onnx,png, expected some of ${formats}, separated by commas.\n`
  )
  expect(await refused('--out', 'none')).toContain(`--what is not usable: found nothing, expected some of ${formats}`)
  expect(await refused('--what', 'onnx')).toContain('--out is not usable: found nothing')
  expect(await refused('--what', 'onnx', '--model', 'd=3', '--out', 'none')).toContain(
    '--model is not usable: found d=3, expected some of d=2, d=4, d=2.seed=1'
  )
})

test('replaces a file only with --force', async () => {
  const [path = ''] = (await lab('export', run, '--what', 'notebook', '--out', 'forced')).stdout.trim().split('\n')
  writeFileSync(path, 'mine')
  const refused = await lab('export', run, '--what', 'script-keras,notebook', '--out', 'forced')
  expect(refused).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`${path} is there already`) })
  expect([readFileSync(path, 'utf8'), readdirSync(join(home, 'forced')).length]).toEqual(['mine', 1])
  expect((await lab('export', run, '--what', 'notebook', '--out', 'forced', '--force')).code).toBe(0)
  expect(readFileSync(path, 'utf8')).toContain('nbformat')
})

test('a damaged checkpoint ends it, with the folder as it was', async () => {
  const checkpoint = join(run, 'checkpoint.safetensors')
  const whole = readFileSync(checkpoint)
  const damaged = Buffer.from(whole)
  damaged[damaged.length - 1]! ^= 1
  writeFileSync(checkpoint, damaged)
  const ended = await lab('export', run, '--what', 'notebook,onnx', '--out', 'none')
  writeFileSync(checkpoint, whole)
  expect([ended.code, ended.stdout, existsSync(join(home, 'none'))]).toEqual([2, '', false])
  expect(ended.stderr).toContain('content that was changed')
})
