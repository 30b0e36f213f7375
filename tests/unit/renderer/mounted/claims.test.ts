// @vitest-environment happy-dom
// The tab of claims: what it says without figures, how it begins and is cancelled, and its answer.
import { expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { Analysis, Claims, Interval } from '@shared/analysis'
import { LabError } from '@shared/errors'
import AnalysisTab from '../../../../src/renderer/components/analysis/AnalysisTab.vue'
import ClaimsTab from '../../../../src/renderer/components/analysis/ClaimsTab.vue'
import { useCursorStore } from '../../../../src/renderer/stores/cursor-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { useRunsStore } from '../../../../src/renderer/stores/runs-store'
import { runView, summaryOf } from '../run-view'
import { all, find, mount, openLab } from './mount'

const around = (estimate: number, half: number): Interval => ({ estimate, low: estimate - half, high: estimate + half })
const claims: Claims = {
  kind: 'claims',
  epoch: 2,
  images: 10_000,
  seeds: 1,
  resamples: 2_000,
  series: [0.08, 0].map((over, rank) => ({
    bce: around(0.2 - 0.1 * rank, 0.001),
    mse: around(0.02, 0.001),
    gapClosed: around(0.5, 0.01),
    pcaMse: 0.015,
    mseOverPca: around(rank === 0 ? 0.3 : -0.2, 0.01),
    overLast: { bce: around(over, over / 10), mse: around(over, over / 10) }
  })),
  steps: [{ bce: around(0.1, 0.01), mse: around(0.01, 0.001) }],
  noise: [
    {
      noise: 'gaussian',
      level: 0.1,
      noisyMse: 0.01,
      series: [0, 1].map(() => ({ mse: around(0.02, 0.001), overNoisy: around(1, 0.1) }))
    }
  ]
}

const page = () => find('.analysis').textContent?.replace(/\s+/g, ' ') ?? ''
const button = (name: string) => all('button').find(({ textContent }) => textContent?.trim() === name)

async function open(epochs: number, state: 'finished' | 'running', stored: Analysis | null) {
  const view = runView(epochs, { state })
  let end: (analysis: Analysis | null) => void = () => undefined
  let fail: (error: LabError) => void = () => undefined
  const calls = {
    analyse: vi.fn(() => new Promise<Analysis | null>((resolve, reject) => ([end, fail] = [resolve, reject]))),
    cancelAnalysis: vi.fn(() => Promise.resolve(end(null)))
  }
  const link = await openLab({
    listRuns: () => Promise.resolve([summaryOf(view)]),
    openRun: () => Promise.resolve(view),
    readDigits: (_id, firstEpoch) => Promise.resolve({ firstEpoch, epochs: 0, models: 2, pixels: new Uint8Array() }),
    readAnalysis: (_id, { epoch }) => Promise.resolve(epoch === stored?.epoch ? stored : null),
    ...calls
  })
  await useRunsStore().read()
  await useRunStore().open('one')
  await mount(ClaimsTab)
  return {
    ...calls,
    link,
    end: (analysis: Analysis | null) => end(analysis),
    fail: (error: LabError) => fail(error),
    store: (analysis: Analysis) => (stored = analysis)
  }
}

it('says so before the first epoch, and asks for nothing', async () => {
  const { analyse } = await open(0, 'running', null)
  expect(page()).toContain('nothing to analyse before the first epoch')
  expect(analyse).not.toHaveBeenCalled()
  expect(all('button').some(({ textContent }) => textContent?.includes('Test'))).toBe(false)
})

it('computes nothing while a run trains unless the user asks', async () => {
  const { analyse } = await open(2, 'running', null)
  await vi.waitFor(() => expect(page()).toContain('A run trains'))
  expect(analyse).not.toHaveBeenCalled()
  button('Test the claims on epoch 2')?.click()
  await vi.waitFor(() => expect(analyse).toHaveBeenCalledOnce())
})

it('begins by itself where nothing trains, shows how far it is, and is cancelled', async () => {
  const { analyse, cancelAnalysis, link } = await open(2, 'finished', null)
  await vi.waitFor(() => expect(analyse).toHaveBeenCalledOnce())
  link.emit('analysisProgress', { id: 'one', kind: 'claims', epoch: 2, share: 0.42, step: 'noise 1 of 5' })
  await vi.waitFor(() => expect(page()).toContain('42 %, noise 1 of 5'))
  const again = await mount(ClaimsTab) // as after a look at another tab
  expect(again.textContent).toContain('42\u00a0%, noise 1 of 5')
  button('Cancel')?.click()
  await vi.waitFor(() => expect(page()).toContain('The analysis was cancelled.'))
  expect(cancelAnalysis).toHaveBeenCalledExactlyOnceWith('one', { kind: 'claims', epoch: 2 })
  await nextTick()
  expect(analyse).toHaveBeenCalledOnce() // and does not begin again by itself
})

it('a cancelled or failed analysis says nothing of another kind or epoch', async () => {
  const { analyse, cancelAnalysis, fail } = await open(2, 'finished', null)
  await vi.waitFor(() => expect(analyse).toHaveBeenCalledOnce())
  button('Cancel')?.click()
  await vi.waitFor(() => expect(page()).toContain('The analysis was cancelled.'))
  expect(cancelAnalysis).toHaveBeenCalledOnce()
  const other = await mount(AnalysisTab)
  await vi.waitFor(() => expect(analyse).toHaveBeenLastCalledWith('one', { kind: 'codes', epoch: 2 }))
  fail(new LabError('internal', 'The codes are too wide'))
  await vi.waitFor(() => expect(other.textContent).toContain('The codes are too wide.'))
  expect(page()).not.toContain('The codes are too wide')
  useCursorStore().goTo(0)
  await nextTick()
  await vi.waitFor(() => expect(page()).toContain('The claims are not tested on epoch 0.'))
  expect([page(), other.textContent].join()).not.toMatch(/cancelled|too wide/)
})

it('shows what another window has had computed, once it is stored', async () => {
  const { link, store } = await open(2, 'running', null)
  await vi.waitFor(() => expect(page()).toContain('A run trains'))
  const told = { id: 'one', kind: 'claims', epoch: 2, step: 'stored' } as const
  link.emit('analysisProgress', { ...told, share: 0.5, step: 'noise 1 of 5' })
  store(claims)
  link.emit('analysisProgress', { ...told, share: 1 })
  await vi.waitFor(() => expect(page()).toContain('Figures of epoch 2.'))
})

it('says of which epoch the figures are that are shown, and analyses the one looked at behind others', async () => {
  const { analyse, link, end } = await open(2, 'finished', claims)
  await vi.waitFor(() => expect(page()).toContain('Figures of epoch 2.'))
  useCursorStore().goTo(0)
  await vi.waitFor(() => expect(page()).toContain('Figures of epoch 2. The claims are not tested on epoch 0.'))
  button('Test the claims on epoch 0')?.click()
  await vi.waitFor(() => expect(analyse).toHaveBeenCalledExactlyOnceWith('one', { kind: 'claims', epoch: 0 }))
  link.emit('analysisProgress', {
    id: 'one',
    kind: 'claims',
    epoch: 0,
    share: null,
    step: 'waits for Analysis of epoch 2'
  })
  await vi.waitFor(() => expect(page()).toContain('Claims, epoch 0: waits for Analysis of epoch 2'))
  expect(button('Test the claims on epoch 0')).toBeUndefined()
  end({ ...claims, epoch: 0 })
  await vi.waitFor(() => expect(page()).toContain('Figures of epoch 0, the untrained models.'))
  useCursorStore().goTo(1) // of a run without weights/
  await vi.waitFor(() => expect(page()).toContain('The weights of epoch 1 were not kept.'))
  expect(button('Test the claims on epoch 1')).toBeUndefined()
  button('Back to epoch 0')?.click()
  await vi.waitFor(() => expect(useCursorStore().epoch).toBe(0))
})

it('shows the figures of the models that are selected', async () => {
  await open(2, 'finished', claims)
  await vi.waitFor(() => expect(page()).toContain('How wide is wide enough?'))
  const models = () => all('[aria-label="Errors by series"] tbody th').map(({ textContent }) => textContent)
  expect(models()).toEqual(['d = 2', 'd = 32'])
  button('d = 32')?.click()
  await nextTick()
  expect(models()).toEqual(['d = 32'])
  button('All models')?.click()
  await nextTick()
  expect(models()).toEqual(['d = 2', 'd = 32'])
})

it('answers by the slider, and says what one seed does not tell', async () => {
  await open(2, 'finished', claims)
  await vi.waitFor(() => expect(page()).toContain('How wide is wide enough?'))
  const answer = () => find('.answer').textContent?.replace(/\s+/g, ' ')
  expect(answer()).toContain('d = 32 alone: no narrower model is within 5 %')
  const slider = find<HTMLInputElement>('input[type=range]')
  slider.value = '9'
  slider.dispatchEvent(new Event('input', { bubbles: true }))
  await nextTick()
  expect(answer()).toContain('d = 2 is the smallest within 9 % of d = 32')
  expect(page()).toContain('With one seed the interval knows of other images')
  expect(page()).toContain('d = 2 is worse than PCA')
  expect(all('.claim')).toHaveLength(4)
  expect(page()).toContain('Image sampling only')
})

it('says once, above the claims, in what the run is another experiment than the article’s', async () => {
  await open(2, 'finished', claims)
  await vi.waitFor(() => expect(page()).toContain('This run is not the article’s experiment: d = 2 and 32'))
  expect(page()).toContain('epoch 2 of 70. What is said below holds for this run.')
})
