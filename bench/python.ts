// A Python with the packages that a peer needs: each peer has a folder of its own, made with pinned packages on first use.
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PIP_OPTIONS = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:', '--retries', '1']

interface PythonParts {
  /** The Python that makes the folders. */
  python: string
  /** Where they are made. */
  peersHome: string
  /** Folder of requirements-….txt. */
  scripts: string
  say(line: string): void
}

/** Path of the Python that has what requirements-NAME.txt asks for; its folder is made anew when the file has changed. */
export async function installed(name: string, { python, peersHome, scripts, say }: PythonParts): Promise<string> {
  const requirements = join(scripts, `requirements-${name}.txt`)
  const folder = join(peersHome, name)
  const stamp = join(folder, 'installed.txt')
  const wanted = await readFile(requirements, 'utf8')
  const own = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return own

  say(`Installing ${name} into ${folder} (once) …`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(peersHome, { recursive: true })
  await succeed(python, ['-m', 'venv', folder])
  await succeed(own, ['-m', 'pip', 'install', ...PIP_OPTIONS, '-r', requirements])
  await writeFile(stamp, wanted)
  return own
}

/** What a program has printed. Rejects with the last line that it wrote about its failure. */
export async function succeed(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 1 << 26, env })
    return stdout
  } catch (error) {
    const { stderr = '', stdout = '', code } = error as { stderr?: string; stdout?: string; code?: string | number }
    if (code === 'ENOENT') throw new Error(`there is no ${program} on this machine`)
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
    throw new Error(lines.filter((line) => line.startsWith('ERROR')).at(-1) ?? lines.at(-1) ?? String(error))
  }
}
