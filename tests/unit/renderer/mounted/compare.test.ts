// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { DigitHistory } from '@shared/contract'
import type { RunView } from '@shared/run'
import { LabError } from '@shared/errors'
import CompareView from '../../../../src/renderer/views/CompareView.vue'
import { useFigureStore } from '../../../../src/renderer/figures/figure-store'
import { useCompareStore } from '../../../../src/renderer/stores/compare-store'
import { epochEnded, runView, summaryOf } from '../run-view'
import { all, find, mount, openLab, press } from './mount'

vi.mock('../../../../src/renderer/components/board/LossChart.vue', () => ({
  default: { props: ['options', 'cursor', 'shown'], template: '<i />', render: () => null } // there is no canvas here
}))

/** Digits of one grey, that of their epoch. */
function digitsOf(first: number, last: number): DigitHistory {
  const size = 2 * 20 * 784
  const pixels = new Uint8Array((last - first + 1) * size)
  for (let epoch = first; epoch <= last; epoch++) pixels.fill(epoch, (epoch - first) * size, (epoch - first + 1) * size)
  return { firstEpoch: first, epochs: last - first + 1, models: 2, pixels }
}

const views: Record<string, RunView> = {}
let link: Awaited<ReturnType<typeof openLab>>
beforeEach(async () => {
  views.one = runView(4, { state: 'finished' }, 'one')
  views.two = runView(2, { state: 'running' }, 'two')
  link = await openLab({
    openRun: (id) =>
      views[id] ? Promise.resolve(views[id]) : Promise.reject(new LabError('not-found', 'There is no such run')),
    readDigits: (_, first, last) => Promise.resolve(digitsOf(first, last))
  })
})

async function opened(...ids: string[]): Promise<ReturnType<typeof useCompareStore>> {
  const compare = useCompareStore()
  compare.open(ids)
  await vi.waitFor(() => expect(compare.runs.length + compare.problems.size).toBe(ids.length))
  return compare
}
const choose = async (name: string) => {
  all('[role="radio"]')
    .find((one) => one.textContent?.trim() === name)
    ?.click()
  await nextTick()
}

it('keeps the ids in the address, which bring the comparison back', async () => {
  const compare = await opened('one', 'two')
  expect(location.hash).toBe('#compare=one,two')
  expect(compare.idsInAddress()).toEqual(['one', 'two'])
  location.hash = '#one'
  expect(compare.idsInAddress()).toEqual([])
})

it('shows all runs at one epoch; one that has not as many shows its last, and follows as it trains', async () => {
  const compare = await opened('one', 'two')
  await mount(CompareView)
  await choose('Images')
  const captions = () => all('.galleries h2 small').map((one) => one.textContent)
  expect(captions()).toEqual(['after epoch 4', 'after epoch 2, its last'])
  compare.epoch = 1
  await nextTick()
  expect(captions()).toEqual(['after epoch 1', 'after epoch 1'])
  compare.epoch = 4
  link.emit('epochEnded', epochEnded(3, 'two'))
  await nextTick()
  expect(captions()).toEqual(['after epoch 4', 'after epoch 3, its last'])
})

it('enlarges an image with its difference; arrows go to other images and to every model of the runs', async () => {
  await opened('one', 'two')
  await mount(CompareView)
  await choose('Images')
  await vi.waitFor(() => expect(find<HTMLButtonElement>('section button.digit').disabled).toBe(false))
  find('section button.digit').click()
  await nextTick()
  const shown = () => [
    find('dialog h2').textContent?.split(',')[0],
    ...all('dialog figcaption').map((one) => one.firstChild?.textContent?.trim())
  ]
  expect(shown()).toEqual(['Test digit 1', 'Original', 'A, d = 2', 'Difference'])
  expect(find('dialog small').textContent).toMatch(/^MSE 0\.000[0-9]$/)
  find('dialog button').focus()
  for (const [key, number, model] of [
    ['ArrowUp', 1, 'A, d = 2'],
    ['ArrowDown', 1, 'A, d = 32'],
    ['ArrowDown', 1, 'B, d = 2'],
    ['ArrowRight', 2, 'B, d = 2'],
    ['ArrowLeft', 1, 'B, d = 2'],
    ['ArrowLeft', 1, 'B, d = 2']
  ] as const) {
    expect(await press(key)).toBe(true)
    expect(shown()).toEqual([`Test digit ${number}`, 'Original', model, 'Difference'])
  }
  all('.other')[3]?.click()
  await nextTick()
  expect(shown()[2]).toBe('B, d = 32')
})

it('says of an enlarged image after which epoch its model drew it', async () => {
  await opened('one', 'two')
  await mount(CompareView)
  await choose('Images')
  await vi.waitFor(() => expect(find<HTMLButtonElement>('section button.digit').disabled).toBe(false))
  find('section button.digit').click()
  await nextTick()
  expect(find('dialog h2').textContent).toBe('Test digit 1, epoch 4')
  all('.other')[2]?.click()
  await nextTick()
  expect(find('dialog h2').textContent).toBe('Test digit 1, epoch 2')
})

it('has the quality of a run as soon as it is measured', async () => {
  const withQuality = (psnr: number | null) => {
    const view = views.one as RunView
    const metrics = { bce: 0.12, mse: 0.02, psnr, ssim: psnr && 0.9, gapClosed: 0.5 }
    views.one = { ...view, file: { ...view.file, models: view.file.models.map((one) => ({ ...one, metrics })) } }
    return views.one
  }
  withQuality(null)
  await opened('one', 'two')
  await mount(CompareView)
  await choose('Differences')
  await choose('PSNR')
  const results = () => find('.figures').textContent ?? ''
  expect(results()).not.toContain('20.00 dB')
  link.emit('runChanged', summaryOf(withQuality(20)))
  await vi.waitFor(() => expect(results()).toContain('20.00 dB'))
})

it('offers training time across the charts where every run knows its own', async () => {
  const withTimes = (view: RunView | undefined, epochSeconds: number[]) =>
    ({ ...view, file: { ...view?.file, epochSeconds } }) as RunView
  views.one = withTimes(views.one, [2, 4, 6, 9])
  const compare = await opened('one', 'two')
  await mount(CompareView)
  const offered = () => [...find<HTMLSelectElement>('[aria-label="Across the charts"]').options].map(({ text }) => text)
  expect(offered()).not.toContain('Training time')
  views.two = withTimes(views.two, [1, 3])
  link.emit('datasetsChanged', { datasets: [], takeable: [] })
  await vi.waitFor(() => expect(offered()).toContain('Training time'))
  compare.xUnit = 'time'
  await nextTick()
  expect(compare.xAxis.unit).toBe('time')
  expect(useFigureStore().offer?.()?.title).toMatch(/^Loss by training time: /)
})

it('leaves out values that are not shown, but never all', async () => {
  await opened('one', 'two')
  await mount(CompareView)
  await choose('Differences')
  const rows = () => all('.figures tbody th').map((one) => one.textContent)
  expect(rows()).toEqual(['d = 2', 'd = 32'])
  all('.value')[0]?.click()
  await nextTick()
  expect(rows()).toEqual(['d = 32'])
  all('.value')[1]?.click()
  await nextTick()
  expect(rows()).toEqual(['d = 32'])
})

it('lays no models of different data over one another, and says why', async () => {
  const { file } = views.two as RunView
  views.two = {
    ...(views.two as RunView),
    file: { ...file, dataset: { ...file.dataset, title: 'Other', sha256: 'x' } }
  }
  await opened('one', 'two')
  await mount(CompareView)
  await choose('Two models')
  expect(find('.why').textContent).toContain('MNIST and Other are different data')
  expect(all('.swipe')).toEqual([])
})

it('says which run can’t be opened, and shows the others', async () => {
  const compare = await opened('one', 'gone')
  await mount(CompareView)
  expect(compare.runs.map(({ id, letter }) => [id, letter])).toEqual([['one', 'A']])
  expect(all('.compare')[0]?.textContent).toContain('There is no such run.')
})
