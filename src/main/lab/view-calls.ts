// The calls as one view has them: it alone reaches the files that it sends, a few uploads at a time, and they go when the view goes.
import type { LabCalls } from '@shared/contract'
import { LabError } from '@shared/errors'
import type { LabView } from '@shared/rpc'

/** Uploads of one view at a time: a data set, a run, a report and a figure. */
export const MOST_UPLOADS = 4

/** The lab's calls for one view, until it is closed. */
export function createViewCalls(calls: LabCalls): LabView {
  /** By the id of each upload the path of what was sent, once it is known. */
  const own = new Map<string, string | null>()
  let beginning = 0
  let isClosed = false

  function checked(id: string): string {
    if (own.has(id)) return id
    throw new LabError('not-found', 'The files that were sent are gone', { remedy: 'Choose them again' })
  }

  async function begin(size: Parameters<LabCalls['beginUpload']>[0]): Promise<string> {
    if (own.size + beginning >= MOST_UPLOADS) {
      throw new LabError('busy', 'This page is sending other files', { remedy: 'Wait for their end, or give them up' })
    }
    beginning += 1
    try {
      const id = await calls.beginUpload(size)
      if (isClosed) await calls.dropUpload(id)
      else own.set(id, null)
      return id
    } finally {
      beginning -= 1
    }
  }

  async function drop(id: string): Promise<void> {
    own.delete(id)
    await calls.dropUpload(id)
  }

  /** The lab drops what it has added. */
  function forget(added: string): void {
    for (const [id, path] of own) if (path !== null && added.startsWith(path)) own.delete(id)
  }

  return {
    calls: {
      ...calls,
      beginUpload: begin,
      sendPieces: async (id, parts) => calls.sendPieces(checked(id), parts),
      async endUpload(id) {
        const path = await calls.endUpload(checked(id))
        if (own.has(id)) own.set(id, path)
        return path
      },
      dropUpload: async (id) => drop(checked(id)),
      async addDataset(request) {
        const added = await calls.addDataset(request)
        if ('path' in request) forget(request.path)
        return added
      },
      async figurePdf(id, title) {
        own.delete(checked(id)) // the lab drops it
        return calls.figurePdf(id, title)
      }
    },
    close() {
      isClosed = true
      for (const id of [...own.keys()]) void drop(id).catch(() => undefined)
    }
  }
}
