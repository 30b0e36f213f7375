// The uploads of one view: its own alone, a few at a time, gone with it.
import { expect, it } from 'vitest'
import type { LabCalls } from '@shared/contract'
import { createViewCalls, MOST_UPLOADS } from '../../../src/main/lab/view-calls'

const size = { bytes: 1, files: 1 }

/** A lab that numbers its uploads; `kept` are those that were not dropped. */
function labCalls() {
  const kept = new Set<string>()
  let count = 0
  const calls = {
    beginUpload: async () => {
      const id = `upload-${++count}`
      kept.add(id)
      return id
    },
    sendPieces: async () => undefined,
    endUpload: async (id: string) => `/cache/${id}/data`,
    dropUpload: async (id: string) => void kept.delete(id),
    addDataset: async ({ path }: { path: string }) => kept.delete(path.split('/')[2] ?? ''),
    figurePdf: async (id: string) => (kept.delete(id), new Uint8Array())
  } as unknown as LabCalls
  return { calls, kept }
}

it('keeps a data set that is being sent while a report is sent and dropped', async () => {
  const { calls, kept } = labCalls()
  const view = createViewCalls(calls).calls
  const dataset = await view.beginUpload(size)
  const report = await view.beginUpload(size)
  await view.sendPieces(dataset, [])
  await view.dropUpload(report)
  expect(await view.endUpload(dataset)).toBe(`/cache/${dataset}/data`)
  expect([...kept]).toEqual([dataset])
})

it('takes no more than a few at a time, and others once one was dropped, added or drawn', async () => {
  const view = createViewCalls(labCalls().calls).calls
  const begun = await Promise.allSettled(Array.from({ length: MOST_UPLOADS + 1 }, () => view.beginUpload(size)))
  expect(begun.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { kind: 'busy' } }])
  const [first = '', second = '', third = ''] = begun.map((one) => (one.status === 'fulfilled' ? one.value : ''))
  const path = await view.endUpload(first)
  await view.addDataset({ path } as Parameters<LabCalls['addDataset']>[0])
  await view.beginUpload(size)
  await view.figurePdf(second, 'a title')
  await view.beginUpload(size)
  await expect(view.beginUpload(size)).rejects.toMatchObject({ kind: 'busy' })
  await view.dropUpload(third)
  await view.beginUpload(size)
})

it('knows no upload of another view', async () => {
  const { calls } = labCalls()
  const [one, other] = [createViewCalls(calls).calls, createViewCalls(calls).calls]
  const id = await one.beginUpload(size)
  await expect(other.sendPieces(id, [])).rejects.toMatchObject({ kind: 'not-found' })
  await expect(other.dropUpload(id)).rejects.toMatchObject({ kind: 'not-found' })
})

it('drops all of them with the view, one that just begins too', async () => {
  const { calls, kept } = labCalls()
  const view = createViewCalls(calls)
  await view.calls.beginUpload(size)
  await view.calls.beginUpload(size)
  const late = view.calls.beginUpload(size)
  view.close()
  await late
  expect([...kept]).toEqual([])
})
