// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { LabError } from '@shared/errors'
import { useActions } from '../../../../src/renderer/actions'
import NoticeList from '../../../../src/renderer/components/NoticeList.vue'
import RunView from '../../../../src/renderer/views/RunView.vue'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { runView, summaryOf } from '../run-view'
import { all, mount, openLab } from './mount'

vi.mock('../../../../src/renderer/components/board/OverviewBoard.vue', () => ({ default: { render: () => null } })) // charts need a real canvas

it('does not go on offering to continue a run that has no checkpoint', async () => {
  sessionStorage.clear()
  const view = runView(2, { state: 'interrupted' })
  await openLab({
    listRuns: () => Promise.resolve([summaryOf(view)]),
    openRun: () => Promise.resolve(view),
    readDigits: (_id, firstEpoch) => Promise.resolve({ firstEpoch, epochs: 0, models: 2, pixels: new Uint8Array() }),
    continueRun: () => Promise.reject(new LabError('not-found', 'The checkpoint of the run is missing'))
  })
  await useRunsStore().read()
  await useRunStore().open('one')
  useScreenStore().screen = 'run'
  await mount(RunView)
  await mount(NoticeList)
  const page = () => all('.run-head, .notice').map(({ textContent }) => textContent)
  expect(page().join()).toContain('can be continued')
  await useActions().continueRun('one')
  await vi.waitFor(() => expect(page().join()).toContain('The checkpoint of the run is missing.'))
  expect(page().join()).not.toMatch(/[Cc]ontinue/)
})
