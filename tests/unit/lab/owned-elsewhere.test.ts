// A run that another process trains, as the lab opens it for a view.
import { spawn } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { claimRun } from '../../../src/main/lab/owner'
import { thisPlace } from '../../../src/main/system/process-identity'
import { makeHome, openLab } from '../../fixtures/lab'

test('names the process that owns a run, unless it is the lab’s own', async () => {
  const home = await makeHome()
  const lab = openLab(home, 'no trainer is needed')
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  onTestFinished(async () => {
    other.kill('SIGKILL')
    await lab.close()
    await home.remove()
  })
  const folder = join(home.paths.runs, 'stopped')
  await mkdir(home.paths.runs, { recursive: true })
  await cp('tests/fixtures/runs-format-1/stopped', folder, { recursive: true })
  expect(await lab.calls.openRun('stopped')).toMatchObject({ state: 'stopped', owner: null })

  const claim = await claimRun(folder, 'finishing')
  expect(await lab.calls.openRun('stopped')).toMatchObject({ state: 'finishing', owner: null })
  await claim.release()

  const owner = { pid: other.pid, processStart: null, claimedAt: Date.now(), state: 'running', place: thisPlace() }
  await writeFile(join(folder, 'owner.json'), JSON.stringify(owner))
  expect(await lab.calls.openRun('stopped')).toMatchObject({
    state: 'running',
    owner: `process ${other.pid} on ${hostname()}`
  })
})
