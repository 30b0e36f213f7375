// Which epochs' weights a training keeps, and what becomes of it where the disk does not take them: it goes on without.
import { dirname } from 'node:path'
import { LabError, sentence, toLabErrorData } from '@shared/errors'
import { isKept } from '@shared/epoch-weights'
import { formatBytes } from '@shared/format'
import { stateSize, type ModelConfig } from '@shared/model'
import { checkClaim } from '../system/claim-file'
import { freeBytes } from '../system/free-bytes'
import type { ModelState } from './engines/engine'
import type { TrainJob, WrittenWeights } from './messages'
import { writeWeights } from './weights-file'

/** Room that is left for the checkpoint and the one before, which a training can't do without. */
const CHECKPOINTS_LEFT_FREE = 2

export interface WeightsKeeper {
  /** Writes the weights after an epoch if they are to be kept; null where not. Throws LabError `busy` where the claim is another's. */
  keep(epoch: number, states: readonly ModelState[]): Promise<WrittenWeights | null>
}

export function createWeightsKeeper({ id, weights, claim }: TrainJob, models: readonly ModelConfig[]): WeightsKeeper {
  const epochs = Math.max(...models.map((model) => model.epochs))
  const values = models.reduce((sum, model) => sum + stateSize(model), 0)
  const leftFree = CHECKPOINTS_LEFT_FREE * values * Float32Array.BYTES_PER_ELEMENT
  return {
    async keep(epoch, states) {
      if (!weights || !isKept(epoch, epochs, weights.every)) return null
      if (claim) await checkClaim(claim)
      try {
        await checkRoom(dirname(weights.folder), leftFree)
        const place = { folder: weights.folder, run: id, epoch }
        return { sha256: await writeWeights(place, models, states), problem: null }
      } catch (error) {
        return { sha256: null, problem: sentence(toLabErrorData(error)) }
      }
    }
  }
}

/** Throws LabError `disk-full` where less is free than `bytes`. A disk that does not say is taken to have room. */
async function checkRoom(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free >= bytes) return
  throw new LabError('disk-full', 'The disk is nearly full, weights are not kept', {
    found: `${formatBytes(free)} free`,
    expected: `${formatBytes(bytes)} for the checkpoint`,
    remedy: 'Free some space: the weights of later epochs are kept then'
  })
}
