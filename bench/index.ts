// `npm run bench`: measures training on this machine against the bare products in it and against other programs, in turn.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatDuration, formatPlural } from '../src/shared/format'
import { barsSvg } from './bars-svg'
import { replaceBlock } from './documents'
import { measureAll } from './measure-all'
import { readOptions } from './options'
import type { Results } from './results'
import {
  articleText,
  busyText,
  comparisonText,
  epochEndText,
  machineText,
  memoryText,
  profileText,
  skippedText,
  verdictText
} from './text'
import { verdictsOf } from './verdicts'

const root = join(__dirname, '../..')

/** The parts of what is printed, by the name of their block in docs/performance.md; empty where nothing was measured. */
function blocksOf(results: Results): Record<string, string> {
  const { recipe, machine, measuredAt, article, memory, epochEnds, profile, entries } = results
  const rounds = Math.max(0, ...entries.map(({ milliseconds }) => milliseconds.length))
  const head = [
    machineText(machine),
    `${measuredAt.slice(0, 10)}; ${recipe.preset}, d = ${recipe.latentDims.join(', ')}, ${recipe.batchSize} images a step; ` +
      `median (least – most) of ${formatPlural(rounds, 'round')} in turn`
  ]
  const tables = [comparisonText(results), busyText(results), verdictText(verdictsOf(results)), skippedText(results)]
  return {
    comparison: [`${head.join('\n')}\n`, ...tables.filter((table) => table !== '')].join('\n'),
    article: article ? articleText(article, results) : '',
    memory: memory ? memoryText(memory) : '',
    'epoch-end': epochEnds ? epochEndText(epochEnds) : '',
    profile: profile ? profileText(profile) : ''
  }
}

function writeResults(folder: string, results: Results, report: string, svg: string): void {
  mkdirSync(folder, { recursive: true })
  const verdicts = verdictsOf(results)
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify({ ...results, verdicts }, null, 2)}\n`)
  writeFileSync(join(folder, 'report.txt'), report)
  writeFileSync(join(folder, 'comparison.svg'), svg)
}

function writeDocument(blocks: Record<string, string>, svg: string): void {
  const path = join(root, 'docs/performance.md')
  const measured = Object.entries(blocks).filter(([, text]) => text !== '')
  const document = measured.reduce((text, [name, block]) => replaceBlock(text, name, block), readFileSync(path, 'utf8'))
  writeFileSync(path, document)
  writeFileSync(join(root, 'docs/images/performance.svg'), svg)
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), root)
  const results = await measureAll(root, options, (line) => {
    process.stderr.write(`${formatDuration(performance.now() / 1000).padStart(12)}  ${line}\n`)
  })
  const blocks = blocksOf(results)
  const report = Object.values(blocks)
    .filter((text) => text !== '')
    .join('\n')
  process.stdout.write(report)
  const svg = barsSvg(`Milliseconds a step, six models, on ${results.machine.processor}`, results.entries)
  writeResults(options.out, results, report, svg)
  if (options.docs) writeDocument(blocks, svg)
  process.stderr.write(`\nWritten to ${options.out}${options.docs ? ' and docs/performance.md' : ''}\n`)
}

void main()
