// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { h, nextTick, ref } from 'vue'
import { seriesOf } from '@shared/series'
import BoardHead from '../../../../src/renderer/components/board/BoardHead.vue'
import PresetChoice from '../../../../src/renderer/components/PresetChoice.vue'
import SegmentedControl from '../../../../src/renderer/components/SegmentedControl.vue'
import { runView } from '../run-view'
import { all, find, focused, mount, openLab, press } from './mount'

beforeEach(async () => void (await openLab()))

const chosen = ref('')
const model = () => ({
  modelValue: chosen.value,
  'onUpdate:modelValue': (value: string) => void (chosen.value = value)
})
const options = ['tanh', 'relu', 'linear'].map((value) => ({ value, label: value }))
const groups = [
  ['of names', () => h(SegmentedControl, { label: 'Activation', options, ...model() }), ['tanh', 'relu', 'linear']],
  [
    'of presets',
    () => h(PresetChoice, model() as never),
    ['article', 'keras-blog', 'activation', 'depth', 'learning-rate', 'custom']
  ]
] as const

it.each(groups)(
  'a choice %s is one tab stop; arrows move choice and focus, round the ends',
  async (_, render, values) => {
    chosen.value = values[0]
    await mount({ render })
    const state = () => all('[role="radio"]').map((one) => [one.getAttribute('aria-checked'), one.tabIndex])
    const only = (index: number) => values.map((_, at) => [String(at === index), at === index ? 0 : -1])
    expect(state()).toEqual(only(0))
    find('[role="radio"][tabindex="0"]').focus()
    for (const [key, index] of [
      ['ArrowRight', 1],
      ['ArrowUp', 0],
      ['ArrowLeft', values.length - 1],
      ['ArrowRight', 0],
      ['ArrowDown', 1]
    ] as const) {
      expect(await press(key)).toBe(true)
      expect(chosen.value).toBe(values[index])
      expect([state(), all('[role="radio"]').indexOf(document.activeElement as HTMLElement)]).toEqual([
        only(index),
        index
      ])
    }
    expect(await press('Enter')).toBe(false)
    all('[role="radio"]')[0]?.click()
    await nextTick()
    expect(chosen.value).toBe(values[0])
  }
)

it('says of each preset what its recipe is', async () => {
  await mount({ render: () => h(PresetChoice, model() as never) })
  expect(all('[role="radio"] span').map((one) => one.textContent)).toEqual([
    'tanh, batch 128, 70 epochs',
    'relu, batch 256, 50 epochs',
    'tanh, relu, sigmoid, linear; d = 16',
    'none, 128, 256-128; d = 16',
    '0.0003, 0.001, 0.0017, 0.003, 0.01; d = 16',
    'whatever you change'
  ])
  expect(all('[role="radio"] b').map((one) => one.textContent)).toEqual([
    'Article',
    'Keras blog',
    'Activations',
    'Depth',
    'Learning rates',
    'Custom'
  ])
})

it('the digits are one tab stop; arrows choose and go round, Home and End go to the ends', async () => {
  const column = ref(0)
  const probes = { pixels: new Uint8Array(20 * 784), labels: Array.from({ length: 20 }, (_, i) => i % 10), indices: [] }
  const choose = vi.fn((wanted: number) => void (column.value = wanted))
  const { file } = runView(0)
  const props = {
    probes,
    file,
    series: seriesOf(file),
    firstDigit: 0,
    ink: 0,
    when: 'untrained',
    firstEpoch: true,
    onChoose: choose
  }
  await mount({ render: () => h(BoardHead, { ...props, column: column.value }) })
  find('[role="toolbar"] [tabindex="0"]').focus()
  for (const [key, wanted] of [
    ['ArrowLeft', 9],
    ['ArrowRight', 0],
    ['End', 9],
    ['Home', 0],
    ['ArrowRight', 1]
  ] as const) {
    expect(await press(key)).toBe(true)
    expect(choose).toHaveBeenLastCalledWith(wanted)
    expect(all('[role="toolbar"] [tabindex="0"]')).toEqual([document.activeElement])
  }
  expect(focused()).toBe('Test digit 2, a 1')
  expect(find('.given').textContent).toContain('784 B')
})
