// The calls about data sets: one reading at a time, which can be cancelled; what it has come to is told to every view.
import type { LabCalls } from '@shared/contract'
import type { AddedDataset } from '@shared/dataset'
import { LabError } from '@shared/errors'
import { formatPlural } from '@shared/format'
import type { LabListener } from '@shared/rpc'
import type { DatasetRequest, Datasets } from '../data/datasets'
import { cancelled } from '../data/readers/read-images'
import { createCancellableWork } from './cancellable-work'
import type { Library } from './library'
import type { Uploads } from './uploads'

type UploadCalls = Pick<LabCalls, 'beginUpload' | 'sendPieces' | 'endUpload' | 'dropUpload'>

export type DataCalls = UploadCalls &
  Pick<LabCalls, 'listDatasets' | 'inspectData' | 'cancelReading' | 'removeDataset'> & {
    /** As the call, also from the publisher of a well-known data set. */
    addDataset(request: DatasetRequest): Promise<AddedDataset>
  }

export interface DataCallsParts {
  datasets: Datasets
  uploads: Uploads
  library: Pick<Library, 'list'>
  emit: LabListener
}

export function createDataCalls({ datasets, uploads, library, emit }: DataCallsParts): DataCalls {
  const { run, cancel } = createCancellableWork({
    tell: (progress) => emit('dataProgress', progress),
    busy: () => new LabError('busy', 'Other data is being read', { remedy: 'Wait for its end, or cancel it' }),
    cancelled
  })
  const reading: typeof run = (read) =>
    run(read).catch((error: unknown) => Promise.reject(uploads.inSendersWords(error) as Error))

  async function tell(): Promise<void> {
    emit('datasetsChanged', await datasets.list())
  }

  /** Throws LabError `busy` where a run of the data set is not finished: it could not go on. */
  async function checkUnused(name: string): Promise<void> {
    const runs = (await library.list()).map(({ summary }) => summary)
    const using = runs.filter((run) => run.dataset === name && run.state !== 'finished')
    if (using.length === 0) return
    const names = using.slice(0, 3).map((run) => `“${run.name}” (${run.id})`).join(', ') // prettier-ignore
    throw new LabError(
      'busy',
      `${formatPlural(using.length, 'run')} that could go on ${using.length === 1 ? 'needs' : 'need'} the data set ${name}`,
      {
        found: names,
        remedy: 'Let them finish, or delete them first'
      }
    )
  }

  return {
    listDatasets: () => datasets.list(),
    inspectData: (path) => reading((tools) => datasets.inspect(path, tools)),
    async addDataset(request) {
      const upload = 'path' in request ? uploads.idOf(request.path) : undefined
      const said = upload === undefined ? request : { ...request, source: 'files that were sent from the window' }
      const added = await reading((tools) => datasets.add(said, tools))
      if (upload !== undefined) await uploads.drop(upload)
      await tell()
      return added
    },
    beginUpload: (size) => uploads.begin(size),
    sendPieces: (id, parts) => uploads.send(id, parts),
    endUpload: (id) => uploads.end(id),
    dropUpload: (id) => uploads.drop(id),
    cancelReading: async () => cancel(),
    async removeDataset(name) {
      await checkUnused(name)
      await datasets.remove(name)
      await tell()
    }
  }
}
