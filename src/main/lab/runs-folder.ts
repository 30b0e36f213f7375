// The folder in which the run folders are: what it holds, and whether it is there.
import { readdir } from 'node:fs/promises'
import { LabError } from '@shared/errors'
import { isNoFolder } from '../system/exists'
import { readingReason, systemCode } from '../system/system-error'

/**
 * The names in it. While the usual one, or one from the environment, does not exist it holds none: the first run makes it. One that was chosen in the
 * settings may be on a disk that is away. Throws LabError `not-found` then, `bad-file` where it can't be read.
 */
export async function namesInRunsFolder(folder: string, isChosen: boolean): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    const isMissing = systemCode(error) === 'ENOENT'
    if (isMissing && !isChosen) return []
    if (isMissing) {
      throw new LabError('not-found', `The runs folder ${folder} is not there`, {
        remedy: 'Connect the disk that it is on, make the folder anew, or choose another in the settings'
      })
    }
    const remedy = 'Choose another in the settings or by BOTTLENECK_LAB_RUNS'
    if (await isNoFolder(folder)) {
      throw new LabError('bad-file', `The runs folder ${folder} is a file, not a folder`, { remedy })
    }
    const { found } = readingReason(error)
    throw new LabError('bad-file', `The runs folder ${folder} can’t be read`, { found, remedy })
  }
}
