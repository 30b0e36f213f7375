// @vitest-environment happy-dom
// Runs on different data sets, opened one after another in one window.
import { expect, it, vi } from 'vitest'
import { h } from 'vue'
import type { Probes } from '@shared/contract'
import BoardHead from '../../../../src/renderer/components/board/BoardHead.vue'
import NoticeList from '../../../../src/renderer/components/NoticeList.vue'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { runView } from '../run-view'
import { all, find, mount, openLab } from './mount'

const drawn = vi.hoisted(() => vi.fn())
vi.mock('../../../../src/renderer/components/board/OverviewBoard.vue', () => ({ default: { render: () => null } })) // charts need a real canvas
vi.mock('../../../../src/renderer/components/board/draw-digit', () => ({ drawDigit: drawn }))

const digits = runView(2)
const clothes = runView(2, {}, 'two')
digits.file.dataset = { ...digits.file.dataset, sha256: 'a' }
clothes.file.dataset = {
  ...clothes.file.dataset,
  name: 'clothes',
  sha256: 'b',
  rows: 14,
  columns: 14,
  classes: ['Trouser', 'Sneaker']
}
clothes.file.experiment = { ...clothes.file.experiment, dataset: 'clothes' }

const probes = (value: number, size: number, label: number): Probes => ({
  pixels: new Uint8Array(20 * size).fill(value),
  labels: new Array<number>(20).fill(label),
  indices: Array.from({ length: 20 }, (_, index) => index)
})
const known: Record<string, Probes> = { mnist: probes(11, 784, 7), clothes: probes(22, 196, 1) }
const noDigits = (_id: string, firstEpoch: number) =>
  Promise.resolve({ firstEpoch, epochs: 0, models: 2, pixels: new Uint8Array() })

/** The originals as the board has them in its head. */
const Originals = {
  setup() {
    const run = useRunStore()
    return () =>
      run.file &&
      h(BoardHead, {
        file: run.file,
        series: run.series,
        probes: run.probes,
        firstDigit: 0,
        column: 0,
        ink: 0,
        when: '',
        firstEpoch: false
      })
  }
}

const shown = () => ({
  name: find('.cell').getAttribute('aria-label'),
  label: find('.label').textContent,
  pixels: new Set(drawn.mock.lastCall?.[1] as Uint8Array),
  size: (drawn.mock.lastCall?.[1] as Uint8Array).length
})

it('shows each run’s own originals, and asks for those of a data set once', async () => {
  const readProbes = vi.fn((name: string) => Promise.resolve(known[name] as Probes))
  await openLab({ readProbes, openRun: (id) => Promise.resolve(id === 'two' ? clothes : digits) })
  const run = useRunStore()
  await mount(Originals)
  const ofDigits = { name: 'Test digit 1, a 7', label: '7', pixels: new Set([11]), size: 784 }
  const ofClothes = { name: 'Test image 1, Sneaker', label: 'Sneaker', pixels: new Set([22]), size: 196 }
  for (const [id, wanted] of [
    ['one', ofDigits],
    ['two', ofClothes],
    ['one', ofDigits]
  ] as const) {
    await run.open(id)
    await vi.waitFor(() => expect(shown()).toEqual(wanted))
  }
  expect(readProbes.mock.calls).toEqual([['mnist'], ['clothes']])
})

it('says of the open run why its data set can’t be used, and takes it up again when it is back', async () => {
  const problem = 'The data set clothes of the run is not here any more'
  const data = { kind: 'not-found' as const, problem, found: '', expected: '', remedy: 'Add the same data again' }
  const readProbes = vi.fn((name: string) => Promise.resolve(known[name] as Probes))
  let dataProblem: typeof data | null = data
  const readDigits = vi.fn(noDigits)
  const link = await openLab({
    readProbes,
    readDigits,
    openRun: () => Promise.resolve({ ...clothes, state: 'stopped', dataProblem })
  })
  const run = useRunStore()
  await run.open('two')
  useScreenStore().screen = 'run'
  await mount(NoticeList)
  const notices = () => all('.notice').map(({ textContent }) => textContent)
  expect(notices()).toEqual([`${problem}. Add the same data again.`])
  expect([run.probes, run.digits(0), readProbes.mock.calls.length]).toEqual([null, null, 0])
  expect(readDigits).not.toHaveBeenCalledWith('two', 0, 0)
  dataProblem = null
  link.emit('datasetsChanged', { datasets: [], takeable: [] })
  await vi.waitFor(() => expect(notices()).toEqual([]))
  expect(run.probes).toEqual(known.clothes)
})
