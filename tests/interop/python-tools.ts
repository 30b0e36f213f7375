// Python with the tools that read what is exported.
import { execFileSync } from 'node:child_process'

/** Why a script that needs these modules can't run here; null where it can. */
export function lackOf(...modules: string[]): string | null {
  const script = `import importlib.util; print(*[m for m in ${JSON.stringify(modules)} if importlib.util.find_spec(m) is None])`
  try {
    const missing = execFileSync('python3', ['-c', script], { encoding: 'utf8' }).trim()
    return missing === '' ? null : `Python lacks ${missing}`
  } catch {
    return 'no Python'
  }
}

/** What the script prints as JSON. */
export function python(script: string, ...argv: string[]): unknown {
  const environment = { ...process.env, PYTHONIOENCODING: 'utf-8', TF_CPP_MIN_LOG_LEVEL: '3' }
  return JSON.parse(execFileSync('python3', ['-c', script, ...argv], { encoding: 'utf8', env: environment }))
}
