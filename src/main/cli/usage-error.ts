// Wrong usage as one line: the parser's own messages become LabErrors like all others.
import type { Command, CommanderError } from 'commander'
import { LabError, sentence, type LabErrorData } from '@shared/errors'
import { plainJson, plainText } from '@shared/plain-text'

/** What RUN may be, in words. */
export const RUN_EXPECTED = 'the id of a run, its beginning, or a run folder'

/** As much of an id as tells a run from the others of its day. */
export const RUN_EXAMPLE = '2026-03-14-1530'

/** A value as the user gave it, short and on one line; an empty one is `nothing`. */
export function shownValue(text: string): string {
  if (text.trim() === '') return 'nothing'
  const plain = plainJson(text).slice(1, -1)
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain
}

/** An option whose value can't be used; `blamed` is the part of what was given that is wrong. */
export function unusable(flag: string, given: string, expected: string, remedy = '', blamed = given): LabError {
  const found = blamed === given ? shownValue(given) : `${shownValue(blamed)} in ${shownValue(given)}`
  return new LabError('bad-value', `${flag} is not usable`, { found, expected, remedy })
}

/** An error as one line of a terminal, whatever stands in its texts. */
export function errorLine(error: LabErrorData): string {
  return plainText(sentence(error).replace(/\s*\n\s*/g, ' '))
}

/** What the parser of `command` refuses, as LabError `bad-value`. `expectedOf` knows what an option may be given. */
export function usageError(
  command: Command,
  error: CommanderError,
  expectedOf: (flags: string) => string | undefined
): LabError {
  const subject = shownValue(/'([^']*)'/.exec(error.message)?.[1] ?? '')
  const guess = /\((Did you mean [^)]*\?)\)/.exec(error.message)?.[1] ?? optionWithin(command, subject)
  const remedy = guess ? `${guess} See ${help(command)}` : ''
  const refused = (problem: string, found: string, expected: string) =>
    new LabError('bad-value', problem, { found, expected, remedy })
  switch (error.code) {
    case 'commander.unknownOption':
      return refused('Unknown option', subject, `one of ${optionNames(command)}`)
    case 'commander.optionMissingArgument':
      return refused(`${subject.split(' ')[0]} is not usable`, 'nothing', expectedOf(subject) ?? 'a value')
    case 'commander.unknownCommand':
      return unknownCommand(command, subject, remedy)
    case 'commander.missingArgument':
      return refused(`${command.name()} needs ${argumentOf(command).what}`, 'nothing', argumentOf(command).expected)
    case 'commander.excessArguments':
      if (command.commands.length > 0) return unknownCommand(command, command.args[0] ?? '')
      return new LabError('bad-value', `${command.name()} takes fewer arguments`, {
        found: shownValue(command.args.join(' ')),
        expected: command.registeredArguments.length === 0 ? 'options only' : 'one argument',
        remedy: partedDims(command) ?? `See ${help(command)}`
      })
    default:
      return refused(error.message.replace(/^error: /, '').replace(/\s+/g, ' '), '', '')
  }
}

/** What a command that lacks its argument needs: most need a run. */
function argumentOf(command: Command): { what: string; expected: string } {
  const [argument] = command.registeredArguments
  if (!argument || argument.name() === 'run') return { what: 'a run', expected: RUN_EXPECTED }
  const what: Record<string, string> = { name: 'a name', path: 'a path' }
  return { what: what[argument.name()] ?? 'data', expected: argument.description }
}

/** Of any other option the last one counts; of two varied hyperparameters one would be lost. */
export function variedTwice(): LabError {
  return new LabError('bad-value', '--vary is given twice', {
    remedy: 'Vary one hyperparameter in a run; a command for several, sweep, does not exist yet'
  })
}

/** A command that `program` does not have. */
export function unknownCommand(program: Command, name: string, remedy = ''): LabError {
  const expected = `one of ${program.commands.map((known) => known.name()).join(', ')}`
  return new LabError('bad-value', 'Unknown command', { found: shownValue(name), expected, remedy })
}

const help = (command: Command) => `${command.parent ? `${command.parent.name()} ` : ''}${command.name()} --help`

/** `--limit` or `--rate` for an option of two words: the parser itself guesses by letters that differ. */
function optionWithin(command: Command, given: string): string | undefined {
  const word = given.replace(/^-+/, '')
  const meant = command.options.filter(({ long }) => word !== '' && long?.slice(2).split('-').includes(word))
  return meant[0]?.long && `Did you mean ${meant[0].long}?`
}

/** `--dims 4 8 16`: what was meant, or null. */
function partedDims(command: Command): string | null {
  const { dims } = command.opts<{ dims?: unknown }>()
  const areNumbers = command.args.every((argument) => /^[\d.,]+$/.test(argument))
  if (!Array.isArray(dims) || !areNumbers) return null
  return `Separate latent dimensions by commas: --dims ${[...dims, ...command.args].join(',')}`
}

function optionNames(command: Command): string {
  const shown = command.options.filter((option) => !option.hidden)
  return [...shown.map((option) => option.long ?? option.flags), '--help'].join(', ')
}
