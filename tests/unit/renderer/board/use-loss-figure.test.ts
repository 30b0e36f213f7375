// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { computed } from 'vue'
import { useLossCharts } from '../../../../src/renderer/components/board/use-loss-charts'
import { useLossFigure } from '../../../../src/renderer/components/board/use-loss-figure'
import { useCursorStore } from '../../../../src/renderer/stores/cursor-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { mount, openLab } from '../mounted/mount'
import { runView } from '../run-view'

it('says in its title what lies across', async () => {
  const view = runView(3)
  const timed = { ...view, file: { ...view.file, epochSeconds: [2, 4, 6] } }
  await openLab({ openRun: () => Promise.resolve(timed) })
  await useRunStore().open('one')
  const figures: ReturnType<typeof useLossFigure>[] = []
  await mount({
    setup() {
      const { common } = useLossCharts()
      figures.push(useLossFigure(computed(() => common.value)))
    },
    render: () => null
  })
  const titleBy = (unit: 'epoch' | 'step' | 'time') => {
    useCursorStore().xUnit = unit
    return figures[0]?.(null)?.title.split(' · ')[0]
  }
  expect(titleBy('epoch')).toBe('Loss of all models by epoch')
  expect(titleBy('step')).toBe('Loss of all models by optimizer step')
  expect(titleBy('time')).toBe('Loss of all models by training time')
})
