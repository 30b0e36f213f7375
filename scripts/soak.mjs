// `npm run soak`: 196 runs through one `lab serve`, and a folder of 2,000 runs. Prints memory, descriptors and times; exits 1 where a bound is missed.
//   npm run soak -- --runs 60 --many 500    fewer
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildIfStale } from './build-if-stale.mjs'
import { bundleBench } from './bundle-bench.mjs'

if (process.platform !== 'linux') {
  console.error('The soak looks at processes in /proc: it runs on Linux.')
  process.exit(2)
}
buildIfStale()
const folder = await bundleBench('soak', ['soak'])
const { status } = spawnSync(process.execPath, [join(folder, 'soak.js'), ...process.argv.slice(2)], {
  stdio: 'inherit'
})
process.exitCode = status ?? 1
