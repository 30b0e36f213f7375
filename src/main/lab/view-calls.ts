// The calls as one view has them: it alone reaches the files that it sends, one upload at a time, and they go when the view goes.
import type { LabCalls } from '@shared/contract'
import { LabError } from '@shared/errors'
import type { LabView } from '@shared/rpc'

/** The lab's calls for one view, until it is closed. */
export function createViewCalls(calls: LabCalls): LabView {
  let own: string | null = null
  let isClosed = false

  function checked(id: string): string {
    if (id === own) return id
    throw new LabError('not-found', 'The files that were sent are gone', { remedy: 'Choose them again' })
  }

  async function give(id: string | null): Promise<void> {
    if (own === id) own = null
    if (id !== null) await calls.dropUpload(id)
  }

  return {
    calls: {
      ...calls,
      async beginUpload(size) {
        await give(own)
        const id = await calls.beginUpload(size)
        const former = own
        own = isClosed ? null : id
        await give(isClosed ? id : former) // of two that began at once
        return id
      },
      sendPieces: async (id, parts) => calls.sendPieces(checked(id), parts),
      endUpload: async (id) => calls.endUpload(checked(id)),
      dropUpload: async (id) => give(checked(id)),
      figurePdf: async (id, title) => {
        checked(id)
        own = null // the lab drops it
        return calls.figurePdf(id, title)
      }
    },
    close() {
      isClosed = true
      void give(own).catch(() => undefined)
    }
  }
}
