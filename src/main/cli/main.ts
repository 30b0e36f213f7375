// The command line: which commands and options there are, and how each ends in an exit code. One file a command beside this one.
import { Command, CommanderError, Option } from 'commander'
import { exitCode, LabError, toLabErrorData } from '@shared/errors'
import { checkRunParts } from './check-command'
import { continueRun, type ContinueChoice } from './continue-command'
import { ADD_EXPECTED, addToData, listData, nameOption, removeFromData, type AddChoice } from './data-command'
import { exportRun, type ExportOptions } from './export-command'
import { listDevices, type DevicesChoice } from './devices-command'
import { runOptions, type RunValues, type ValueOption } from './experiment-options'
import { formerEngineOption } from './former-engine'
import type { CliHost } from './host'
import { writeReport } from './report-command'
import { reportValueOptions, type ReportValues } from './report-options'
import { importFrom, pack, type PackOptions } from './pack-command'
import { run } from './run-command'
import { noteRun, tagRun } from './notes-commands'
import { listRuns, type RunsChoice } from './runs-command'
import { serveInterface, portOption } from './serve-command'
import { exportKeys } from '../lab/exports'
import { verify, type VerifyOptions } from './verify-command'
import { errorLine, RUN_EXAMPLE, RUN_EXPECTED, unknownCommand, usageError, variedTwice } from './usage-error'

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
    host.stderr.write(`${errorLine(data)}\n`)
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
        'data                                    list the data sets',
        'devices --measure                       list where training could happen, and how fast',
        "report RUN                              write a run's report as PDF",
        'export RUN --what onnx --out FOLDER      write its models for other tools',
        'check RUN                               say whether each file of a run is whole',
        'verify FILE.pdf                         say whether a report is as it was written',
        'pack RUN                                write a run as one file, which import takes back',
        'serve                                   open the interface in a browser'
      ) + "\nRUN is a run's id, the beginning of it, or a run folder. In a clone: npm run -s lab -- <command>\n"
    )
  addRun(program, host, finish)
  addContinue(program, host, finish)
  addReport(program, host)
  addExport(program, host, finish)
  addCheck(program, host, finish)
  addVerify(program, host, finish)
  addPack(program, host, finish)
  addImport(program, host, finish)
  addRuns(program, host)
  addData(program, host, finish)
  addNotes(program, host)
  addDevices(program, host)
  addServe(program, host)
  addHelp(program)
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
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
        'run --vary hidden=none,128,256-128 --dims 16     three depths: layers are joined by dashes',
        'run --optimizer sgd --learning-rate 0.3          the six with another optimizer',
        'run --dims 8,16 --seeds 3                        two models, each with three seeds',
        'run --train-limit 5000 --epochs 3 --json         a quick one, for a program to read',
        'run --data fashion-mnist                         the same on another data set',
        'run --out my-run                                 write the run folder my-run'
      )
    )
    .action(async (values: RunValues & { json?: true }) => {
      finish(await run(host, values))
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
    .addHelpText('after', examples(host, `continue ${RUN_EXAMPLE}`, 'continue ./my-run --json --device cpu'))
    .action(async (name: string, choice: ContinueChoice) => {
      finish(await continueRun(host, name, choice))
    })
}

function addReport(program: Command, host: CliHost): void {
  const command = program
    .command('report')
    .argument('<run...>', RUN_EXPECTED)
    .description('Writes the PDF report of a run, or of several compared, and prints where it is.')
    .option('--out <file>', 'write it there instead of report.pdf in the run folder')
    .option('--force', 'replace a file that is there')
  for (const option of reportValueOptions) command.addOption(valueOption(option))
  command
    .option('--source', 'write what Typst makes the report of, as a ZIP, to go on writing in it')
    .addHelpText(
      'after',
      examples(
        host,
        `report ${RUN_EXAMPLE}`,
        'report ./my-run --out bottleneck.pdf --paper letter --author "A. Student"',
        'report ./relu ./tanh --out compared.pdf         several runs beside one another',
        'report ./my-run --pdf a-3a --sections models,images',
        'report ./my-run --source --out report.zip'
      )
    )
    .action((names: string[], values: ReportValues) => writeReport(host, names, values))
}

function addExport(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('export')
    .argument('<run>', RUN_EXPECTED)
    .description('Writes the models of a run, its codes and its experiment for other tools, and prints the files.')
    .option('--what <formats>', `what is written, separated by commas: ${exportKeys.join(', ')}`)
    .option('--out <folder>', 'the folder for the files; it is made if it is missing')
    .option('--model <ids>', 'these models alone, separated by commas: d=16')
    .option('--force', 'replace files that are there')
    .addHelpText(
      'after',
      examples(
        host,
        `export ${RUN_EXAMPLE} --what onnx,keras --out models`,
        `export ${RUN_EXAMPLE} --what codes --model d=2,d=16 --out codes`,
        'export ./my-run --what script-pytorch,notebook --out code --force'
      )
    )
    .action(async (name: string, options: ExportOptions) => finish(await exportRun(host, name, options)))
}

function addCheck(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('check')
    .argument('<run>', RUN_EXPECTED)
    .description('Says of each file of a run whether it is whole; exits 0 if all are, 1 if not. Writes nothing.')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples(host, `check ${RUN_EXAMPLE}`, 'check ./my-run --json'))
    .action(async (name: string, { json }: { json?: true }) => finish(await checkRunParts(host, name, json === true)))
}

function addVerify(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('verify')
    .argument('<file>', 'a report as PDF')
    .description(
      'Says whether a report is as it was written and what it reports; exits 0 if all agrees, 1 if not. Writes nothing.'
    )
    .option('--retrain', 'train what it reports once more and compare every figure')
    .addOption(valueOption({ ...runOptions.device, description: 'train there, not where the run was trained' }))
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples(host, 'verify report.pdf', 'verify report.pdf --retrain --device cpu'))
    .action(async (path: string, options: VerifyOptions) => finish(await verify(host, path, options)))
}

function addPack(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('pack')
    .argument('<run>', RUN_EXPECTED)
    .description('Writes a run as one file, a ZIP with the digest of each part, and prints where it is.')
    .option('--out <file>', 'write it there instead of ID.bottleneck in the folder at hand')
    .option('--with-weights', 'with the weights of single epochs; those of the last are always there')
    .option('--with-analyses', 'with what was computed of the run, which can be computed again')
    .option('--force', 'replace a file that is there')
    .addHelpText('after', examples(host, `pack ${RUN_EXAMPLE}`, 'pack ./my-run --out my-run.bottleneck --with-weights'))
    .action(async (name: string, options: PackOptions) => finish(await pack(host, name, options)))
}

function addImport(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('import')
    .argument('<path>', 'a .bottleneck file or a run folder')
    .description('Checks a run that comes from elsewhere, copies it to the others and prints its id.')
    .addHelpText('after', examples(host, 'import my-run.bottleneck', 'import /media/stick/my-run'))
    .action(async (path: string) => finish(await importFrom(host, path)))
}

function addRuns(program: Command, host: CliHost): void {
  program
    .command('runs')
    .description('Lists the runs, newest first.')
    .option(
      '--search <words>',
      'only those that have every word: in name, note, tags, preset, device or data set, or a value, d=16'
    )
    .option('--tag <tag>', 'only those with this tag')
    .option('--json', 'print one JSON object a line')
    .option('--models', 'with --json: an object a model, with hyperparameters, losses and metrics')
    .option('--csv', 'print the same as a table for spreadsheets and pandas, a row a model')
    .addHelpText(
      'after',
      examples(
        host,
        'runs',
        'runs --search "relu d=16"',
        'runs --tag baseline --json',
        'runs --csv > models.csv',
        'runs --json --models'
      )
    )
    .action((choice: RunsChoice) => listRuns(host, choice))
}

function addNotes(program: Command, host: CliHost): void {
  program
    .command('tag')
    .argument('<run>', RUN_EXPECTED)
    .argument('<tags...>', 'tags without spaces')
    .description('Adds tags to a run, by which it is found; results are not touched.')
    .option('--remove', 'take them away instead')
    .addHelpText('after', examples(host, `tag ${RUN_EXAMPLE} baseline`, `tag ${RUN_EXAMPLE} baseline --remove`))
    .action((name: string, tags: string[], { remove }: { remove?: true }) => tagRun(host, name, tags, remove === true))
  program
    .command('note')
    .argument('<run>', RUN_EXPECTED)
    .argument('[words...]', 'the note; without it, none')
    .description('Replaces the note of a run; results are not touched.')
    .addHelpText('after', examples(host, `note ${RUN_EXAMPLE} "leaves the plateau at epoch 14"`))
    .action((name: string, words: string[]) => noteRun(host, name, words))
}

function addData(program: Command, host: CliHost, finish: Finish): void {
  const data = program
    .command('data')
    .description('Lists the data sets; adds and removes those of your own.')
    .helpCommand(false)
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      examples(
        host,
        'data                                           list the data sets',
        'data add fashion-mnist                         take Fashion-MNIST from where this computer has it',
        'data add fashion-mnist --from FOLDER           … from a folder with its four files',
        'data add fashion-mnist --download              … from its publisher, over the network',
        'data add pictures --name my-pictures           a folder of PNG or JPEG images, one subfolder a class',
        'data add digits.npz --name digits --invert     arrays of NumPy, black and white swapped',
        'data remove my-pictures                        remove one'
      )
    )
    .action(({ json }: { json?: true }) => listData(host, json === true))
  data
    .command('add')
    .argument('<what>', ADD_EXPECTED)
    .description('Reads images, says what was understood, and copies them into a data set of the application.')
    .addOption(valueOption(nameOption))
    .option('--title <text>', 'what reports call it; the file’s name if left out')
    .option('--transpose', 'swap rows and columns, as EMNIST needs it')
    .option('--invert', 'swap black and white: models take light ink on a dark ground')
    .option('--from <folder>', 'the folder that has the files of fashion-mnist')
    .option('--download', 'fetch fashion-mnist from its publisher; without this nothing is ever fetched')
    .action(async (what: string, choice: AddChoice) => finish(await addToData(host, what, choice)))
  data
    .command('remove')
    .argument('<name>', 'the name of a data set that was added')
    .description('Removes a data set; refused while a run that could go on needs it.')
    .action((name: string) => removeFromData(host, name))
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
  return [...Object.values(runOptions), ...reportValueOptions, portOption, formerEngineOption, nameOption].find(
    (option) => option.flags === flags
  )?.expected
}
