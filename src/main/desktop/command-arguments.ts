// Tells commands and files on Electron's command line from the switches that Chromium and test drivers put there.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isArchiveName, isPdfName } from '@shared/archive'

const standalone = ['--help', '-h', '--version', '-V']

/**
 * The command and what follows it, e.g. `['run', '--dims', '2']`; null where the window is wanted, with files or without.
 * `argv` begins after the executable; `named`: the application is not packaged, so the first plain argument names it.
 */
export function commandArguments(argv: readonly string[], named: boolean): string[] | null {
  const [first] = plainArguments(argv, named)
  if (first !== undefined) return isOpened(argv[first] ?? '') ? null : argv.slice(first)
  const asked = argv.find((argument) => standalone.includes(argument))
  return asked === undefined ? null : [asked]
}

/** The files that the window shall open, as absolute paths: the system gives paths, on Linux also addresses. `folder` is where it was started. */
export function fileArguments(argv: readonly string[], named: boolean, folder: string): string[] {
  const given = plainArguments(argv, named).map((index) => argv[index] as string)
  return given.filter(isOpened).map((path) => resolve(folder, path.startsWith('file:') ? pathOf(path) : path))
}

/** Whether the window opens it: a run as one file, or a report. */
const isOpened = (path: string) => isArchiveName(path) || isPdfName(path)

/** The indices of those that are no switch. */
function plainArguments(argv: readonly string[], named: boolean): number[] {
  const plain = argv.flatMap((argument, index) => (argument.startsWith('-') ? [] : [index]))
  return plain.slice(named ? 1 : 0)
}

/** Of an address that names no file of this machine, itself: it is told as missing. */
function pathOf(address: string): string {
  try {
    return fileURLToPath(address)
  } catch {
    return address
  }
}
