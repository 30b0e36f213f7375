// Wrong usage: exit 2, one line that names the option, what was given and what is allowed; the lab is never opened.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { programName } from '../../../src/main/cli/host'
import { commandLine } from '../../../src/main/cli/main'
import { keptHost } from '../../fixtures/cli-host'

const folder = mkdtempSync(join(tmpdir(), 'usage-'))
writeFileSync(join(folder, 'file'), '')
afterAll(() => rmSync(folder, { recursive: true }))

const logged: string[] = []
let program = 'lab'
beforeEach(() => {
  logged.splice(0)
  program = 'lab'
})

async function call(...argv: string[]) {
  let labs = 0
  const { host, written, log } = keptHost({
    program,
    createLab() {
      labs += 1
      throw new Error('the lab was opened')
    },
    rendererFolder: '/nowhere',
    version: '1.2.3'
  })
  const code = await commandLine(argv, host)
  logged.push(...log.lines)
  return { code, labs, ...written }
}

const hidden = 'up to 4 whole numbers from 1 to 4,096 with dashes between, or none'
const dims = '1 to 128 different values, separated by commas; each a whole number from 1 to the number of pixels'
const refused: [argv: string[], line: string][] = [
  ...['0', 'x', '4097', '2.5', '-1', '0x10', '1e1000', 'NaN'].map((found): [string[], string] => [
    ['run', '--dims', found],
    `--dims is not usable: found ${found}, expected ${dims}.`
  ]),
  ...[
    ['2,8,8', '8 twice in 2,8,8'],
    ['2, 0,8', '0 in 2, 0,8'],
    ['16,x', 'x in 16,x']
  ].map(([given = '', found]): [string[], string] => [
    ['run', '--dims', given],
    `--dims is not usable: found ${found}, expected ${dims}.`
  ]),
  [
    ['run', '--dims', '2,,8'],
    `--dims is not usable: found 2,,8, expected ${dims}. A comma has no value before or after it.`
  ],
  ...['128,64', '128x64', '128 64', '128 × 64'].map((found): [string[], string] => [
    ['run', '--hidden', found],
    `--hidden is not usable: found ${found}, expected ${hidden}. Write 128-64.`
  ]),
  ...['none-1', '-', '128-', '0', '4097', '1.5', '1-2-3-4-5'].map((found): [string[], string] => [
    ['run', '--hidden', found],
    `--hidden is not usable: found ${found}, expected ${hidden}.`
  ]),
  [['run', '--hidden', ''], `--hidden is not usable: found nothing, expected ${hidden}.`],
  [
    ['run', '--optimizer', 'nadam'],
    '--optimizer is not usable: found nadam, expected one of adam, adamw, rmsprop, sgd, adagrad.'
  ],
  [['run', '--loss', 'mae'], '--loss is not usable: found mae, expected one of bce, mse.'],
  ...['0', '-1', '1025', 'all', '1.5'].flatMap((found): [string[], string][] =>
    [['run'], ['continue', '2026']].map((command) => [
      [...command, '--threads', found],
      `--threads is not usable: found ${found}, expected a whole number from 1 to 1,024.`
    ])
  ),
  [['run', '--dims', ''], `--dims is not usable: found nothing, expected ${dims}.`],
  [['run', '--dims'], `--dims is not usable: found nothing, expected ${dims}.`],
  [['run', '--dims', '2\n8'], `--dims is not usable: found 2\\n8, expected ${dims}. Separate values by commas: 2, 8.`],
  ...['-1', '0', '0.5', '1001', 'ten', 'Infinity'].map((found): [string[], string] => [
    ['run', '--epochs', found],
    `--epochs is not usable: found ${found}, expected a whole number from 1 to 1,000.`
  ]),
  ...['1e10', '0', '-5', '1.5'].map((found): [string[], string] => [
    ['run', '--batch-size', found],
    `--batch-size is not usable: found ${found}, expected a whole number from 1 to the number of training images.`
  ]),
  ...[
    [['--batch-size', '256', '--train-limit', '100'], '100'],
    [['--batch-size', '1e9'], '60,000']
  ].map(([options = [], most]): [string[], string] => [
    ['run', ...options],
    `--batch-size is not usable: found ${Number(options[1])}, expected a whole number from 1 to ${String(most)}, the number of training images.`
  ]),
  [
    ['run', '--train-limit', '100'],
    '--batch-size is not usable: found 128, expected a whole number from 1 to 100, the number of training images.'
  ],
  ...['NaN', '-1', '0', '101', 'Infinity', '1e-999'].map((found): [string[], string] => [
    ['run', '--learning-rate', found],
    `--learning-rate is not usable: found ${found}, expected a number above 0 and up to 100.`
  ]),
  ...['-1', '4294967296', '0.1'].map((found): [string[], string] => [
    ['run', '--seed', found],
    `--seed is not usable: found ${found}, expected a whole number from 0 to 4,294,967,295.`
  ]),
  [
    ['run', '--train-limit', '0'],
    '--train-limit is not usable: found 0, expected a whole number from 1 to the number of training images.'
  ],
  [
    ['run', '--preset', 'articles'],
    '--preset is not usable: found articles, expected one of article, keras-blog, activation, depth, learning-rate.'
  ],
  [
    ['run', '--preset', '__proto__'],
    '--preset is not usable: found __proto__, expected one of article, keras-blog, activation, depth, learning-rate.'
  ],
  [
    ['run', '--activation', 'Tanh'],
    '--activation is not usable: found Tanh, expected one of tanh, relu, sigmoid, linear. Write tanh.'
  ],
  [
    ['run', '--preset', 'Article'],
    '--preset is not usable: found Article, expected one of article, keras-blog, activation, depth, learning-rate. Write article.'
  ],
  [['run', '--name', ' '], '--name is not usable: found nothing, expected 1 to 80 characters.'],
  [['run', '--device', ''], '--device is not usable: found nothing, expected the name of a device.'],
  [['serve', '--port', '0'], '--port is not usable: found 0, expected a whole number from 1 to 65,535.'],
  [['serve', '--port', '65536'], '--port is not usable: found 65536, expected a whole number from 1 to 65,535.'],
  [
    ['serve', '--port', '8.080'],
    '--port is not usable: found 8.080, expected a whole number from 1 to 65,535. A whole number has no decimal point: write 8,080 or 8080.'
  ],
  [['serve', '--port', '80a'], '--port is not usable: found 80a, expected a whole number from 1 to 65,535.'],
  [['run', '--out', ''], '--out is not usable: found nothing, expected a folder that does not exist yet or is empty.'],
  [
    ['run', '--out', folder],
    `--out is not usable: found ${folder}, which exists, expected a folder that does not exist yet or is empty.`
  ],
  [
    ['run', '--out', join(folder, 'file')],
    `--out is not usable: found ${folder}/file, which exists, expected a folder that does not exist yet or is empty.`
  ],
  [
    ['run', '--out', join(folder, 'a', 'b')],
    `--out is not usable: found no folder ${folder}/a, expected a new name in a folder that exists.`
  ],
  [
    ['run', '--out', join(folder, 'file', 'b')],
    `--out is not usable: found no folder ${folder}/file, expected a new name in a folder that exists.`
  ],
  [['report'], 'report needs a run: found nothing, expected the id of a run, its beginning, or a run folder.'],
  [['continue'], 'continue needs a run: found nothing, expected the id of a run, its beginning, or a run folder.'],
  [['check', 'a', 'b'], 'check takes fewer arguments: found a b, expected one argument. See lab check --help.'],
  [['report', 'a', 'b'], 'A comparison belongs to no run folder: expected --out <file>.'],
  [['report', 'a', '--source'], 'A report’s source belongs to no run folder: expected --out <file.zip>.'],
  [['report', 'a', '--paper', 'A4'], '--paper is not usable: found A4, expected one of a4, letter. Write a4.'],
  [
    ['report', 'a', '--sections', 'models,Claims'],
    '--sections is not usable: found Claims in models,Claims, expected all, or some of abstract, models, losses, quality, images, claims, caveats, recipe, provenance, definitions. Write claims.'
  ],
  [
    ['run', '--dims', '4', '8', '16'],
    'run takes fewer arguments: found 8 16, expected options only. Separate latent dimensions by commas: --dims 4,8,16.'
  ],
  [['devices', 'cpu'], 'devices takes fewer arguments: found cpu, expected options only. See lab devices --help.'],
  [['run', 'article'], 'run takes fewer arguments: found article, expected options only. See lab run --help.']
]

describe('a bad value', () => {
  it.each(refused)('%j', async (argv, line) => {
    expect(await call(...argv)).toEqual({ code: 2, labs: 0, stdout: '', stderr: `${line}\n` })
  })

  it.each([
    [['run', '--engine', 'onnxruntime'], 'found --engine onnxruntime, '],
    [['run', '--engine', 'tensorflow', '--device', 'cpu'], 'found --engine tensorflow, '],
    [['continue', '2026', '--engine', 'onnxruntime'], 'found --engine onnxruntime, ']
  ])('%j: what --engine was is said by --device', async (argv, found) => {
    const { code, labs, stdout, stderr } = await call(...argv)
    expect({ code, labs, stdout }).toEqual({ code: 2, labs: 0, stdout: '' })
    expect(stderr).toBe(
      `--engine has been replaced by --device: ${found}expected --device cpu, webgpu, tensorflow-cpu or tensorflow-cuda.\n`
    )
  })

  it('what went with the memory budget is an unknown option', async () => {
    expect((await call('run', '--memory-budget', '100')).stderr).toMatch(
      /^Unknown option: found --memory-budget, expected one of /
    )
  })

  it('an unknown option names those of the command, and guesses', async () => {
    const { code, stderr } = await call('run', '--epoch', '3')
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^Unknown option: found --epoch, expected one of --preset, --dims, --hidden, .*--vary, --seed, --seeds, .*--json, --help\. Did you mean --epochs\? See lab run --help\.\n$/
    )
    expect(stderr).not.toContain('--engine')
    expect((await call('run', '--limit', '100')).stderr).toMatch(
      /found --limit, .* Did you mean --train-limit\? See lab run --help\.\n$/
    )
    expect((await call('runs', '--epochs', '3')).stderr).toBe(
      'Unknown option: found --epochs, expected one of --search, --tag, --json, --models, --csv, --help.\n'
    )
  })

  it('an unknown command names the known ones', async () => {
    expect(await call('train')).toMatchObject({
      code: 2,
      stderr:
        'Unknown command: found train, expected one of run, continue, report, export, check, verify, pack, import, runs, data, tag, note, devices, serve, help.\n'
    })
  })

  it('with --json: nothing on stdout, which tells of runs alone', async () => {
    const stderr = `--dims is not usable: found 0, expected ${dims}.\n`
    expect(await call('run', '--json', '--dims', '0')).toMatchObject({ code: 2, stdout: '', stderr })
  })
})

describe('hints', () => {
  it('name the program as it was started', async () => {
    expect(programName({ npm_lifecycle_event: 'lab' })).toBe('npm run -s lab --')
    expect(programName({ npm_lifecycle_event: 'start' })).toBe('lab')
    expect(programName({})).toBe('lab')
  })

  it('say it in help and in errors', async () => {
    program = 'npm run -s lab --'
    expect((await call('--help')).stdout).toMatch(/Usage: npm run -s lab -- \[options\][^]+ {2}npm run -s lab -- runs /)
    expect((await call('run', '--epoch', '3')).stderr).toMatch(/See npm run -s lab -- run --help\.\n$/)
  })
})

it('a defect is one sentence and exit 1; its stack is in the log', async () => {
  const { code, stderr } = await call('runs')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^Something unexpected went wrong \(the lab was opened\)\. The log file [^\n]+\n$/)
  expect(logged).toEqual([expect.stringMatching(/^error The command failed Error: the lab was opened/)])
})

describe('help', () => {
  it.each([[], ['run'], ['continue'], ['report'], ['runs'], ['devices'], ['serve']])(
    '%s: has examples and exits 0',
    async (...command) => {
      const { code, stdout, stderr, labs } = await call(...command.filter(Boolean), '--help')
      expect({ code, stderr, labs }).toEqual({ code: 0, stderr: '', labs: 0 })
      expect(stdout).toMatch(new RegExp(`Examples:\\n  lab ${command[0] ?? 'run'}`))
    }
  )

  it('help knows each command, and an unknown one is an unknown command', async () => {
    expect((await call('help')).stdout).toBe((await call('--help')).stdout)
    expect(await call('help', 'serve')).toMatchObject({ code: 0, stdout: (await call('serve', '--help')).stdout })
    expect(await call('help', 'foo')).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'Unknown command: found foo, expected one of run, continue, report, export, check, verify, pack, import, runs, data, tag, note, devices, serve, help.\n'
    })
  })

  it('no help has an example that names several runs, or says the same thing twice', async () => {
    for (const command of ['continue', 'report', 'check'])
      expect((await call(command, '--help')).stdout).toMatch(new RegExp(`lab ${command} 2026-\\d\\d-\\d\\d-\\d{4}\\b`))
    expect((await call('run', '--help')).stdout.match(/separated\s+by\s+commas/g)).toHaveLength(2) // --dims and --vary
  })

  it('run --help lists every option with what is allowed', async () => {
    const { stdout } = await call('run', '--help')
    const text = stdout.replace(/\s+/g, ' ')
    for (const option of [
      '--preset <name>',
      '--dims <list>',
      '--hidden <value>',
      '--activation <value>',
      '--optimizer <value>',
      '--learning-rate <value>',
      '--loss <value>',
      '--batch-size <value>',
      '--epochs <value>',
      '--train-limit <value>',
      '--vary <key=list>',
      '--seed <number>',
      '--seeds <count>',
      '--name <text>',
      '--device <name>',
      '--threads <count>',
      '--out <folder>',
      '--json'
    ]) {
      expect(text).toContain(option)
    }
    expect(text).not.toContain('--engine')
    expect(text).toContain('tanh, relu, sigmoid, linear')
  })

  it('without a command: help on stderr, exit 2', async () => {
    const { code, stdout, stderr } = await call()
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Usage: lab')
  })

  it('--version prints the version alone', async () => {
    expect(await call('--version')).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })
})
