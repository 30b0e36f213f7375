// `npm run typecheck`: each part against its own tsconfig, so that none sees types which its environment lacks.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const checks = [
  ['typescript/bin/tsc', 'tsconfig.shared.json'],
  ['typescript/bin/tsc', 'tsconfig.main.json'],
  ['vue-tsc/bin/vue-tsc.js', 'tsconfig.renderer.json'],
  ['vue-tsc/bin/vue-tsc.js', 'tsconfig.tests.json']
]

const failed = checks.filter(([compiler, project]) => {
  const args = [join(root, 'node_modules', compiler), '--noEmit', '-p', project]
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status !== 0
})
process.exitCode = failed.length > 0 ? 1 : 0
