// Python with the tools that read what is exported: BOTTLENECK_LAB_PYTHON names its program, as .ci/interop.sh installs one.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const program = process.env.BOTTLENECK_LAB_PYTHON || 'python3'

/** Why a script that needs these modules can't run here; null where it can. */
export function lackOf(...modules: string[]): string | null {
  const script = `import importlib.util; print(*[m for m in ${JSON.stringify(modules)} if importlib.util.find_spec(m) is None])`
  try {
    const missing = execFileSync(program, ['-c', script], { encoding: 'utf8' }).trim()
    return missing === '' ? null : `Python lacks ${missing}: BOTTLENECK_LAB_PYTHON=$(.ci/interop.sh) npm test`
  } catch {
    return 'no Python'
  }
}

/** What the program prints that is in a file; throws with its errors where it fails. */
export function pythonFile(path: string, ...argv: string[]): string {
  const environment = {
    ...process.env,
    KERAS_BACKEND: kerasBackend(),
    CUDA_VISIBLE_DEVICES: '',
    PYTHONIOENCODING: 'utf-8',
    TF_CPP_MIN_LOG_LEVEL: '3'
  }
  return execFileSync(program, [path, ...argv], {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe']
  })
}

/** The same of a script of tests/interop/python. */
export function pythonScript(name: string, ...argv: string[]): string {
  return pythonFile(join(process.cwd(), 'tests', 'interop', 'python', name), ...argv)
}

/** What the lines print as JSON. */
export function python(lines: string, ...argv: string[]): unknown {
  const environment = { ...process.env, PYTHONIOENCODING: 'utf-8', TF_CPP_MIN_LOG_LEVEL: '3' }
  return JSON.parse(execFileSync(program, ['-c', lines, ...argv], { encoding: 'utf8', env: environment }))
}

/** The library that Keras computes with here: JAX where it is installed, which loads fastest and which its NumPy backend needs too. */
export function kerasBackend(): string {
  return ['jax', 'tensorflow', 'torch'].find((module) => lackOf(module) === null) ?? 'jax'
}
