import { expect, test } from 'vitest'
import { LabError } from '@shared/errors'
import { createGuard } from '../../../src/main/lab/guarded-calls'
import { keptLog } from '../../fixtures/lab'

test('a defect is logged and reaches the caller as a LabError, a LabError as it is', async () => {
  const log = keptLog()
  const guard = createGuard(() => Promise.resolve(), log)
  const known = new LabError('busy', 'Not now')
  await expect(guard('one', () => Promise.reject(known))()).rejects.toBe(known)
  expect(log.lines).toEqual([])
  const defect = guard('adopt', () => Promise.reject(new TypeError('a defect')))
  await expect(defect()).rejects.toMatchObject({ kind: 'internal' })
  expect(log.lines).toEqual([expect.stringMatching(/The call adopt failed TypeError: a defect/)])
})
