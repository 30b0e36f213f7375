import { execFileSync } from 'node:child_process'

/** Builds `out/` once before the tests when a source is newer: worker threads and child processes run the built files. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build-if-stale.mjs'], { stdio: 'inherit' })
}
