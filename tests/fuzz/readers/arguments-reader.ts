// The command line's arguments, in the terminal and on Electron's command line.
import { commandLine } from '../../../src/main/cli/main'
import { commandArguments } from '../../../src/main/desktop/command-arguments'
import { keptHost } from '../../fixtures/cli-host'
import { faultOfText } from '../judge'
import { Fault, type FuzzReader } from '../reader'
import { valueOf } from '../values'
import { labWithoutTrainer, NOTHING_HERE } from './fuzzed-lab'

const MOST_LINE = 1200
const READING = ['runs', 'report', 'continue']

export const commandArgumentsReader: FuzzReader = {
  name: 'arguments',
  form: 'json',
  seeds: () =>
    [
      ['run', '--preset', 'keras-blog', '--dims', '2,8', '--epochs', '10', '--json'],
      [
        'run',
        '--vary',
        'learning-rate=0.1,0.01',
        '--seeds',
        '3',
        '--seed=7',
        '--name',
        'A name',
        '--train-limit',
        '1,000'
      ],
      [
        'run',
        '--hidden',
        '128-64',
        '--optimizer',
        'sgd',
        '--loss',
        'mse',
        '--activation',
        'linear',
        '--batch-size',
        '32'
      ],
      [
        'run',
        '--out',
        '/nowhere/at/all',
        '--threads',
        '2',
        '--device',
        'cpu',
        '--learning-rate',
        '1e-3',
        '--engine',
        'x'
      ],
      ['continue', '2026', '--device', 'cpu'],
      ['report', 'fixture', '--out', '/nowhere/report.pdf'],
      ['runs', '--json'],
      ['runs'],
      ['devices', '--measure', '--json'],
      ['serve', '--port', '99999', '--no-open'],
      ['help', 'run'],
      ['--version']
    ].map((argv) => Buffer.from(JSON.stringify(argv))),
  open(folder) {
    return {
      async read(input) {
        const argv = argumentsOf(input)
        if (argv === null) return
        commandArguments(argv, true)
        commandArguments(argv, false)
        const failed: string[] = []
        const { host, written, log } = keptHost({
          version: '1.2.3',
          createLab() {
            if (!argv.some((word) => READING.includes(word))) throw NOTHING_HERE
            return labWithoutTrainer(folder, failed)
          }
        })
        const code = await commandLine(argv, host)
        if (![0, 1, 2].includes(code)) throw new Fault(`exit code ${code}`)
        failed.push(...log.lines.filter((line) => line.startsWith('error')))
        if (failed.length > 0) throw new Fault(failed.join())
        checkLines(written.stderr, input, code)
      }
    }
  }
}

/** A list of words, none of which holds what no argument of a process can hold; null of anything else. */
function argumentsOf(input: Buffer): string[] | null {
  const argv = valueOf(input.toString())
  if (!Array.isArray(argv)) return null
  const words = argv.flat(1).filter((word): word is string | number => ['string', 'number'].includes(typeof word))
  return words.map((word) => String(word).replaceAll('\0', '').toWellFormed())
}

function checkLines(stderr: string, input: Buffer, code: number): void {
  const lines = stderr.split('\n').filter(Boolean)
  if (code !== 0 && lines.length === 0) throw new Fault(`exit code ${code} without a word`)
  for (const line of lines) {
    const fault = line.length > MOST_LINE ? `a line of ${line.length} characters` : faultOfText(line, input)
    if (fault) throw new Fault(fault)
  }
}
