// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { useLossCharts } from '../../../../src/renderer/components/board/use-loss-charts'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { varying } from '../../../fixtures/varying'
import { mount, openLab } from '../mounted/mount'
import { runView } from '../run-view'

/** The charts of a run whose second model trains with another loss than the axis shows. */
async function chartsAfter(epochs: number): Promise<ReturnType<typeof useLossCharts>> {
  const step = { id: 'one', epoch: 1, step: 5, stepsPerEpoch: 9, secondsPerEpoch: 0, secondsLeft: 0 }
  const progress = epochs === 0 ? { ...step, partialTrainLoss: [0.3, 0.07] } : null
  const view = runView(epochs, { progress }, 'one', varying('loss', ['bce', 'mse']))
  await openLab({ openRun: () => Promise.resolve(view) })
  await useRunStore().open('one')
  let charts: ReturnType<typeof useLossCharts> | undefined
  await mount({ setup: () => void (charts = useLossCharts()), render: () => null })
  if (!charts) throw new Error('nothing was mounted')
  return charts
}

it('has no circle for the training loss under way of a model whose loss is another', async () => {
  const { series, overlaidLabel } = await chartsAfter(0)
  expect(series.value.map((one) => ('partialTrainLoss' in one ? one.partialTrainLoss : undefined))).toEqual([
    0.3,
    undefined
  ])
  expect(overlaidLabel.value).toBe('Training loss so far in epoch 1: loss = bce 0.3000')
})

it('says in the name of its chart that the training loss is another', async () => {
  const { rowLabels } = await chartsAfter(2)
  expect(rowLabels.value).toEqual([
    'Loss of loss = bce: validation 0.2400, training 0.2400 after epoch 2',
    'Loss of loss = mse: validation 0.1900 after epoch 2; it trains with another loss, which has no line here'
  ])
})
