// Wrong usage as one line: the parser's own messages become LabErrors like all others.
import type { Command, CommanderError } from 'commander'
import { LabError } from '@shared/errors'

/** What RUN may be, in words. */
export const RUN_EXPECTED = 'the id of a run, its beginning, or a run folder'

/** A value as the user gave it, short and on one line; an empty one is `nothing`. */
export function shownValue(text: string): string {
  if (text.trim() === '') return 'nothing'
  const plain = JSON.stringify(text).slice(1, -1)
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain
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
      return refused(`${command.name()} needs a run`, 'nothing', RUN_EXPECTED)
    case 'commander.excessArguments':
      return new LabError('bad-value', `${command.name()} takes fewer arguments`, {
        found: shownValue(command.args.join(' ')),
        expected: command.registeredArguments.length === 0 ? 'options only' : 'one argument',
        remedy: partedDims(command) ?? `See ${help(command)}`
      })
    default:
      return refused(error.message.replace(/^error: /, '').replace(/\s+/g, ' '), '', '')
  }
}

/** Of any other option the last one counts; of two varied hyperparameters one would be lost. */
export function variedTwice(): LabError {
  return new LabError('bad-value', '--vary is given twice', { remedy: 'Vary one hyperparameter in a run' })
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
