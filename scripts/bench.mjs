// `npm run bench`: bundles bench/ into out/bench and runs it with the arguments given; `--help` lists them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildIfStale } from './build-if-stale.mjs'
import { bundleBench } from './bundle-bench.mjs'
import { trainerEnvironment } from './trainer-environment.mjs'

buildIfStale()
const folder = await bundleBench('bench', ['index'])
const entry = [join(folder, 'index.js'), ...process.argv.slice(2)]
const env = { ...trainerEnvironment, ...process.env }
const { status, signal } = spawnSync(process.execPath, entry, { stdio: 'inherit', env })
if (signal) console.error(`The bench was ended by ${signal}.`)
process.exitCode = status ?? 1
