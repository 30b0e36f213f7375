// Anything thrown while training as an error for people; running out of memory has many faces.
import { LabError, toLabErrorData, type LabErrorData } from '@shared/errors'

const memorySigns = new RegExp(
  [
    'bad_alloc',
    'out[ _]of[ _](\\w+[ _])?memory', // VK_ERROR_OUT_OF_DEVICE_MEMORY among them
    'OutOfMemory',
    'OOM\\b', // V8: process OOM; TensorFlow: OOM when allocating
    'Reached heap limit',
    'near heap limit',
    'not enough memory',
    'ENOMEM',
    'allocation failed',
    "(failed to|cannot|can’t|can't|could not|unable to) allocate",
    'Invalid (typed )?array (buffer )?length'
  ].join('|'),
  'i'
)

/** The error as plain data: `out-of-memory` where its words say so. */
export function toTrainerError(thrown: unknown): LabErrorData {
  const data = toLabErrorData(thrown)
  const isUnexplained = data.kind === 'internal' || data.kind === 'trainer-crashed'
  return isUnexplained && mentionsMemory(data.problem) ? outOfMemory(data.problem).data : data
}

/** True of what V8, the C++ runtime, TensorFlow and GPU drivers write when memory has run out. */
export function mentionsMemory(text: string): boolean {
  return memorySigns.test(text)
}

/** The LabError for a trainer without memory. */
export function outOfMemory(found: string): LabError {
  return new LabError('out-of-memory', 'The trainer ran out of memory', {
    found,
    remedy: 'Close other programs, or choose a smaller batch size or fewer latent dimensions'
  })
}
