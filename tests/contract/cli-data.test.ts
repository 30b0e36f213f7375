// `lab data` as built, started as a user starts it: list, add, train on what was added, remove.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'cli-data-'))
const program = resolve('out/main/index.js')
const digits = resolve('tests/fixtures/data/digits.npz')
afterAll(() => rmSync(home, { recursive: true, force: true }))

function lab(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { cwd: home, env: { ...process.env, BOTTLENECK_LAB_HOME: home } }
  return new Promise((done) =>
    execFile(process.execPath, [program, ...argv], options, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr })
    )
  )
}

const listed = async () =>
  (await lab('data', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { name: string }).name)

describe('lab data', () => {
  it('lists MNIST, adds a file and says what was understood, trains on it and removes it', async () => {
    const before = await lab('data')
    expect(before).toMatchObject({ code: 0, stderr: '' })
    expect(before.stdout).toMatch(
      /^name +training +test +pixels +classes +on disk +title\nmnist +60,000 +10,000 +28 × 28/
    )

    const added = await lab('data', 'add', digits, '--name', 'my-digits', '--title', 'My digits')
    expect(added).toMatchObject({ code: 0, stderr: '' })
    expect(added.stdout).toMatch(
      /^Understood as NPZ: [\d,]+ images of 8 × 8 pixels\n[\d,]+ for training, [\d,]+ for the test\n10 classes: 0, 1,/
    )
    expect(added.stdout).toMatch(/Added as my-digits\. To train on it: .*run --data my-digits\n$/)
    expect(await listed()).toEqual(['mnist', 'my-digits'])
    expect(existsSync(join(home, 'data', 'datasets', 'my-digits', 'dataset.json'))).toBe(true)

    const small = ['--epochs', '1', '--dims', '2', '--train-limit', '200', '--device', 'cpu', '--json']
    const trained = await lab('run', '--data', 'my-digits', ...small)
    expect([trained.code, trained.stderr]).toEqual([0, ''])
    const shown = await lab('runs', '--search', 'my-digits')
    expect(shown.stdout).toContain('my-digits, ')

    expect(await lab('data', 'remove', 'my-digits')).toEqual({ code: 0, stdout: 'Removed my-digits\n', stderr: '' })
    expect(await listed()).toEqual(['mnist'])
  })

  it.each([
    [['add', digits], '--name is not usable'],
    [['add', digits, '--name', 'My Digits'], '--name is not usable: found My Digits'],
    [['add', digits, '--name', 'mnist'], 'mnist comes with the application'],
    [['add', 'nothing.npz', '--name', 'one'], 'nothing.npz'],
    [['add', 'torn.npz', '--name', 'one'], 'torn.npz'],
    [['add', digits, '--name', 'one', '--download'], '--download is for fashion-mnist alone'],
    [['add', 'fashion-mnist', '--invert'], 'fashion-mnist is added as it is'],
    [['add', 'fashion-mnist', '--from', '.'], 'Fashion-MNIST is not all in'],
    [['add', 'fashion-mnist', '--from', '.', '--download'], '--from and --download both say where the files are'],
    [['remove', 'mnist'], 'mnist comes with the application'],
    [['remove', 'nothing'], 'There is no data set nothing'],
    [['remove', '../runs'], 'not usable'],
    [['list'], 'list']
  ])('%j is refused in one sentence', async (argv, part) => {
    writeFileSync(join(home, 'torn.npz'), 'PK')
    const { code, stdout, stderr } = await lab('data', ...argv)
    expect([code === 0, stdout]).toEqual([false, ''])
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
    expect(stderr).toContain(part)
    expect(await listed()).toEqual(['mnist'])
  })

  it('a run on a data set that is not there names those that are', async () => {
    const { code, stderr } = await lab('run', '--data', 'fashion')
    expect([code, stderr]).toEqual([2, '--data is not usable: found fashion, expected one of mnist.\n'])
  })
})
