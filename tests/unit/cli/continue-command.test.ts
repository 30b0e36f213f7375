// `continue` has no other folder to offer: what can't be written says what can be done where the run is.
import { expect, it } from 'vitest'
import { continueRun } from '../../../src/main/cli/continue-command'
import type { Lab } from '../../../src/main/lab/lab'
import { fileError } from '../../../src/main/system/atomic-write'
import { keptHost } from '../../fixtures/cli-host'
import { fixtureRun } from '../../fixtures/run-file'

it.each([
  ['EACCES', 'permissions that don’t let your account write there'],
  ['EROFS', 'a read-only disk'],
  ['ENOENT', 'no folder to put it in']
])('%s', async (code, found) => {
  const file = fixtureRun()
  const lab = {
    calls: {
      listRuns: async () => [{ id: file.id }],
      openRun: async () => ({ file }),
      continueRun: () => Promise.reject(fileError(Object.assign(new Error(), { code }), '/runs/a/owner.json'))
    },
    folderOf: () => '/runs/a',
    subscribe: () => () => undefined,
    close: async () => undefined
  } as unknown as Lab
  await expect(continueRun(keptHost({ createLab: () => lab }).host, file.id, {})).rejects.toThrow(
    `/runs/a/owner.json could not be written: found ${found}. Let your account write there, or copy the run folder and continue the copy.`
  )
})
