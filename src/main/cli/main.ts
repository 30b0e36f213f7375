// The command line: which commands and options there are, and how each ends in an exit code. One file a command beside this one.
import { Command, CommanderError, Option } from 'commander'
import { exitCode, LabError, sentence, toLabErrorData } from '@shared/errors'
import { continueRun, type ContinueChoice } from './continue-command'
import { listDevices, type DevicesChoice } from './devices-command'
import { experimentOf, runOptions, type RunValues, type ValueOption } from './experiment-options'
import type { CliHost } from './host'
import { writeReport } from './report-command'
import { run } from './run-command'
import { listRuns } from './runs-command'
import { serveInterface, portOption } from './serve-command'
import { RUN_EXPECTED, shownValue, unknownCommand, usageError, variedTwice } from './usage-error'

type Finish = (code: number) => void

/** Runs one command (`argv` without the program's name). Answers with the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function commandLine(argv: readonly string[], host: CliHost): Promise<number> {
  let code = 0
  const program = commands(host, (given) => (code = given))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // help or version was printed
    const data = toLabErrorData(error)
    if (!(error instanceof LabError)) host.log.error('The command failed', error)
    host.stderr.write(`${oneLine(sentence(data))}\n`)
    return exitCode(data.kind)
  }
}

function commands(host: CliHost, finish: Finish): Command {
  const program = new Command(host.program)
    .description('Trains autoencoders that differ in one hyperparameter and reports how they compare.')
    .version(host.version, '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: () => undefined
    })
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText(
      'after',
      examples(
        host,
        'run --preset keras-blog --epochs 10     train the six models of the Keras blog for ten epochs',
        'runs                                    list the runs',
        'devices --measure                       list where training could happen, and how fast',
        "report RUN                              write a run's report as PDF",
        'serve                                   open the interface in a browser'
      ) + "\nRUN is a run's id, the beginning of it, or a run folder. In a clone: npm run -s lab -- <command>\n"
    )
  addRun(program, host, finish)
  addContinue(program, host, finish)
  addReport(program, host)
  addRuns(program, host)
  addDevices(program, host)
  addServe(program, host)
  addHelp(program)
  for (const command of [program, ...program.commands]) {
    command.exitOverride((error) => {
      throw error.exitCode === 0 || error.code === 'commander.help' ? error : usageError(command, error, expectedOf)
    })
  }
  return program
}

function addRun(program: Command, host: CliHost, finish: Finish): void {
  const command = program
    .command('run')
    .description('Trains the models of an experiment and writes a run folder with the weights and a PDF report.')
  for (const option of Object.values<ValueOption<unknown>>(runOptions)) command.addOption(valueOption(option))
  command
    .addOption(valueOption(formerEngineOption).hideHelp())
    .option('--json', 'print one JSON object a line: events epoch, last finished')
    .addHelpText(
      'after',
      examples(
        host,
        "run                                              the article's experiment: six models, 70 epochs",
        'run --preset keras-blog --epochs 10 --dims 8,32  two models, ten epochs',
        'run --vary activation=relu,tanh --dims 16        two models that differ in their activation',
        'run --train-limit 5000 --epochs 3 --json         a quick one, for a program to read',
        'run --out my-run                                 write the run folder my-run'
      )
    )
    .action(async (values: RunValues & { json?: true }) => {
      finish(await run(host, experimentOf(values), values))
    })
}

function addContinue(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('continue')
    .argument('<run>', RUN_EXPECTED)
    .description('Goes on with a run that was stopped, failed or was interrupted, after its last complete epoch.')
    .addOption(valueOption({ ...runOptions.device, description: 'go on there, not where it trained before' }))
    .addOption(valueOption(runOptions.threads))
    .addOption(valueOption(formerEngineOption).hideHelp())
    .option('--json', 'print one JSON object a line: events epoch, last finished')
    .addHelpText('after', examples(host, 'continue 2026', 'continue ./my-run --json', 'continue 2026 --device cpu'))
    .action(async (name: string, choice: ContinueChoice) => {
      finish(await continueRun(host, name, choice))
    })
}

function addReport(program: Command, host: CliHost): void {
  program
    .command('report')
    .argument('<run>', RUN_EXPECTED)
    .description('Writes the PDF report of a run and prints where it is.')
    .option('--out <file>', 'write it there instead of report.pdf in the run folder')
    .addHelpText('after', examples(host, 'report 2026', 'report ./my-run --out bottleneck.pdf'))
    .action((name: string, { out }: { out?: string }) => writeReport(host, name, out))
}

function addRuns(program: Command, host: CliHost): void {
  program
    .command('runs')
    .description('Lists the runs, newest first.')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples(host, 'runs', 'runs --json'))
    .action(({ json }: { json?: true }) => listRuns(host, json === true))
}

function addDevices(program: Command, host: CliHost): void {
  program
    .command('devices')
    .description(
      'Lists the devices of all engines: whether each can be used or why not, how fast it is, and which one is taken.'
    )
    .option('--measure', 'measure every usable device with the six models of the article, in about 3 seconds')
    .option('--remove-leftovers', 'delete what an older version left and nothing uses any more')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      examples(
        host,
        'devices                  what there is; * marks what run takes when no device is named',
        'devices --measure        measured anew'
      )
    )
    .action((choice: DevicesChoice) => listDevices(host, choice))
}

function addServe(program: Command, host: CliHost): void {
  program
    .command('serve')
    .description('Serves the interface on 127.0.0.1 for a browser of this machine, until Ctrl-C.')
    .addOption(valueOption(portOption))
    .option('--no-open', 'only print the link, open no browser')
    .addHelpText('after', examples(host, 'serve', 'serve --port 8080 --no-open'))
    .action((values: { port?: number; open: boolean }) => serveInterface(host, values.port ?? 0, values.open))
}

/** The parser's own answers an unknown name with the whole help. */
function addHelp(program: Command): void {
  program
    .command('help')
    .argument('[command]')
    .description('Prints the help of a command.')
    .action((name?: string) => {
      const command = name === undefined ? program : program.commands.find((known) => known.name() === name)
      if (!command) throw unknownCommand(program, name ?? '')
      command.help()
    })
}

function valueOption({ flags, description, expected, parse }: ValueOption<unknown>): Option {
  return new Option(flags, `${description}: ${expected}`).argParser<unknown>((text, before) => {
    if (before !== undefined && flags === runOptions.vary.flags) throw variedTwice()
    return parse(text)
  })
}

function examples({ program }: CliHost, ...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${program} ${line}\n`).join('')}`
}

function expectedOf(flags: string): string | undefined {
  return [...Object.values(runOptions), portOption, formerEngineOption].find((option) => option.flags === flags)
    ?.expected
}

const NO_ENGINE = '--device cpu, webgpu, tensorflow-cpu or tensorflow-cuda'

/** `--engine` went into `--device`. */
const formerEngineOption: ValueOption<never> = {
  flags: '--engine <name>',
  description: 'replaced by --device',
  expected: NO_ENGINE,
  parse(text) {
    throw new LabError('bad-value', '--engine has been replaced by --device', {
      found: `--engine ${shownValue(text)}`,
      expected: NO_ENGINE
    })
  }
}

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ')
