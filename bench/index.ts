// `npm run bench`: measures training on this machine against other programs and against its own floors.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatDuration } from '../src/shared/format'
import { replaceBlock } from './documents'
import { measureAll } from './measure-all'
import { readOptions } from './options'
import type { Results } from './results'
import { blocksOf } from './text'
import { verdictsOf } from './verdicts'

const root = join(__dirname, '../..')

function writeResults(folder: string, results: Results, report: string): void {
  mkdirSync(folder, { recursive: true })
  const verdicts = verdictsOf(results)
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify({ ...results, verdicts }, null, 2)}\n`)
  writeFileSync(join(folder, 'report.txt'), report)
}

function writeDocument(blocks: [string, string][]): void {
  const path = join(root, 'docs/performance.md')
  const document = blocks.reduce((text, [name, block]) => replaceBlock(text, name, block), readFileSync(path, 'utf8'))
  writeFileSync(path, document)
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), root)
  const results = await measureAll(root, options, (line) => {
    process.stderr.write(`${formatDuration(performance.now() / 1000).padStart(12)}  ${line}\n`)
  })
  const blocks = Object.entries(blocksOf(results)).filter(([, text]) => text !== '')
  const report = blocks.map(([, text]) => text).join('\n')
  process.stdout.write(report)
  writeResults(options.out, results, report)
  if (options.docs) writeDocument(blocks)
  process.stderr.write(`\nWritten to ${options.out}${options.docs ? ' and docs/performance.md' : ''}\n`)
}

void main()
