// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { h, ref } from 'vue'
import { seriesOf } from '@shared/series'
import { boardRow } from '../../../../src/renderer/components/board/board-row'
import ModelDigits from '../../../../src/renderer/components/board/ModelDigits.vue'
import ModelSpine from '../../../../src/renderer/components/board/ModelSpine.vue'
import { useGallery } from '../../../../src/renderer/components/board/use-gallery'
import { fixtureRun } from '../../../fixtures/run-file'
import { all, find, focused, mount, openLab, press } from './mount'

beforeEach(async () => void (await openLab()))

const file = fixtureRun({ latentDims: [2, 8], epochs: 2, experiment: { seeds: [1, 2, 3] } })
const names = Array.from({ length: 10 }, (_, column) => `Test digit ${column + 1}`)

/** Rows whose digits differ from black originals by 51 of 255. */
function rowsAt(epoch: number) {
  const originals = new Uint8Array(20 * 784)
  const drawn = { epoch, pixels: new Uint8Array(6 * 20 * 784).fill(51) }
  return seriesOf(file).map((series) => boardRow(series, epoch, file, { first: 0, originals, drawn }))
}

async function mountGallery(enlarge: (column: number) => void = () => undefined) {
  const board = ref<HTMLElement | null>(null)
  const gallery: ReturnType<typeof useGallery>[] = []
  const root = await mount({
    setup() {
      const one = useGallery(board)
      gallery.push(one)
      return () =>
        h(
          'div',
          { ref: board, onKeydown: one.move },
          rowsAt(1).map((row) =>
            h(ModelDigits, {
              row,
              names,
              column: one.column.value,
              over: one.over.value,
              tabStop: row.rank === one.stop.value,
              ink: 0,
              onChoose: one.choose,
              onEnlarge: enlarge,
              onOver: (column: number | null) => (one.over.value = column)
            })
          )
        )
    }
  })
  return { root, gallery: gallery[0] as ReturnType<typeof useGallery> }
}

it('tells each digit’s error to those who can’t point at it, with one tab stop for all', async () => {
  await mountGallery()
  expect(all('[data-gallery] button')).toHaveLength(20)
  expect(all('[data-gallery] [tabindex="0"]')).toHaveLength(1)
  expect(find('[data-gallery] button').getAttribute('aria-label')).toBe('Test digit 1 by d = 2: squared error 0.040')
})

it('goes from digit to digit and from row to row by arrows', async () => {
  const { gallery } = await mountGallery()
  find('[data-gallery] [tabindex="0"]').focus()
  expect(focused()).toContain('Test digit 5 by d = 2')
  for (const [key, wanted] of [
    ['ArrowRight', 'Test digit 6 by d = 2'],
    ['ArrowDown', 'Test digit 6 by d = 8'],
    ['ArrowDown', 'Test digit 6 by d = 8'],
    ['Home', 'Test digit 1 by d = 8'],
    ['ArrowUp', 'Test digit 1 by d = 2'],
    ['End', 'Test digit 10 by d = 2']
  ] as const) {
    expect(await press(key)).toBe(true)
    expect(focused()).toContain(wanted)
  }
  expect(gallery.column.value).toBe(9)
})

it('enlarges a digit by a click, and shows the errors of a column that is pointed at in all rows', async () => {
  const enlarge = vi.fn()
  const { gallery } = await mountGallery(enlarge)
  const third = all('[data-gallery] button')[2]
  third?.click()
  expect(enlarge).toHaveBeenCalledWith(2)
  third?.dispatchEvent(new Event('mouseenter'))
  expect(gallery.over.value).toBe(2)
  await vi.waitFor(() => expect(all('.cell.over')).toHaveLength(2))
})

it('gives mean and standard deviation of several seeds, and selects a model by its name', async () => {
  const [row] = rowsAt(1)
  const onSelect = vi.fn()
  await mount(ModelSpine, { row, selected: false, onSelect })
  expect(find('.figures').textContent).toMatch(/BCE\d\.\d{4}± \d\.\d{4}/)
  find('.name').click()
  find('.name').dispatchEvent(new MouseEvent('click', { ctrlKey: true }))
  expect(onSelect.mock.calls).toEqual([[true], [false]])
})
