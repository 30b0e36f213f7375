// Whether a run that was disturbed equals one that was not, and whether anything was left over.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const PARTS = ['checkpoint.safetensors', 'digits.bin', 'report.pdf', 'run.json', 'weights']

/** What a finished run says of its training, without when and how long: the same for every run of one experiment. */
export function fingerprint(folder) {
  const { status, experiment, models, bounds, dataset } = readRun(folder)
  return {
    'run.json': JSON.stringify({ status, experiment, models, bounds, dataset }),
    'digits.bin': readFileSync(join(folder, 'digits.bin')).toString('latin1'),
    'checkpoint.safetensors': tensorsIn(join(folder, 'checkpoint.safetensors')),
    ...weightsOf(folder)
  }
}

/**
 * Names of the parts that differ. `mayLackWeights`: after a fault of the disk the weights of an epoch may not be there, if run.json says so:
 * it does where it has no digest of them.
 */
export function differences(run, reference, mayLackWeights = false) {
  const mayLack = (part) => mayLackWeights && part.startsWith('weights/') && run[part] === undefined
  const parts = new Set([...Object.keys(reference), ...Object.keys(run)])
  return [...parts].filter((part) => run[part] !== reference[part] && !mayLack(part))
}

export function readRun(folder) {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))
}

/** The weights of each epoch that run.json has a digest of; one that does not fit its file is a difference. */
function weightsOf(folder) {
  const { weights } = readRun(folder)
  const kept = (weights?.sha256 ?? []).flatMap((sha256, index) => (sha256 ? [{ sha256, epoch: index + 1 }] : []))
  return Object.fromEntries(
    kept.map(({ sha256, epoch }) => {
      const name = `weights/${String(epoch).padStart(4, '0')}.safetensors`
      const path = join(folder, name)
      if (!existsSync(path)) return [name, 'missing']
      return [name, readFileSync(path).includes(sha256) ? tensorsIn(path) : 'with another digest than run.json has']
    })
  )
}

/** A safetensors file but for the run's id, its training time, and the digest that includes them. */
function tensorsIn(path) {
  const bytes = readFileSync(path)
  const end = 8 + Number(bytes.readBigUInt64LE())
  const { __metadata__: metadata, ...tensors } = JSON.parse(bytes.toString('utf8', 8, end))
  return JSON.stringify([{ ...metadata, run: '', seconds: '', sha256: '' }, tensors]) + bytes.toString('latin1', end)
}

/** What lies in a finished run's folder beside its parts. */
export function leftoversIn(folder) {
  const weights = join(folder, 'weights')
  const inWeights = existsSync(weights) ? readdirSync(weights).filter((name) => !/^\d{4}\.safetensors$/.test(name)) : []
  return [...readdirSync(folder).filter((name) => !PARTS.includes(name)), ...inWeights]
}

/** Temporary files anywhere below `home`. */
export function temporaryFilesIn(home) {
  return readdirSync(home, { recursive: true }).filter((path) => /\.tmp$/.test(path))
}
