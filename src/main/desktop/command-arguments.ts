// Tells a command on Electron's command line from the switches that Chromium and test drivers put there.

const standalone = ['--help', '-h', '--version', '-V']

/**
 * The command and what follows it, e.g. `['run', '--dims', '2']`; null where the window is wanted.
 * `argv` begins after the executable; `named`: the application is not packaged, so the first plain argument names it.
 */
export function commandArguments(argv: readonly string[], named: boolean): string[] | null {
  const plain = argv.flatMap((argument, index) => (argument.startsWith('-') ? [] : [index]))
  const command = plain[named ? 1 : 0]
  if (command !== undefined) return argv.slice(command)
  const asked = argv.find((argument) => standalone.includes(argument))
  return asked === undefined ? null : [asked]
}
