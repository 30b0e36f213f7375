// `--engine`, of versions in which an engine stood beside the device: refused with what replaces it.
import { LabError } from '@shared/errors'
import type { ValueOption } from './experiment-options'
import { shownValue } from './usage-error'

const NO_ENGINE = '--device cpu, webgpu, tensorflow-cpu or tensorflow-cuda'

/** `--engine` went into `--device`. */
export const formerEngineOption: ValueOption<never> = {
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
