// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { LabError } from '@shared/errors'
import FigureDialog from '../../../../src/renderer/figures/FigureDialog.vue'
import { useFigureStore } from '../../../../src/renderer/figures/figure-store'
import { useNoticesStore } from '../../../../src/renderer/stores/notices-store'
import { all, find, mount, openLab } from '../mounted/mount'

vi.mock('../../../../src/renderer/figures/svg-to-png', () => ({ withFonts: (svg: string) => Promise.resolve(svg) }))

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="85pt" height="50pt" viewBox="0 0 85 50"></svg>'

it('tells that a table can’t be made, and can be asked again', async () => {
  await openLab({ writeSettings: () => Promise.resolve() })
  const figure = useFigureStore()
  const csv = () => {
    throw new LabError('bad-value', 'The table is broken')
  }
  figure.open({ title: 'Loss', stem: 'loss', svg: () => svg, csv })
  figure.options.format = 'csv'
  await mount(FigureDialog)
  const save = () => find<HTMLButtonElement>('.dialog-foot .primary')
  await vi.waitFor(() => expect(save().disabled).toBe(false))
  save().click()
  await vi.waitFor(() => expect(useNoticesStore().notices).toMatchObject([{ subject: 'figure', tone: 'danger' }]))
  await nextTick()
  expect(
    all('[role="alert"], .told')
      .map((one) => one.textContent)
      .join(' ')
  ).toContain('The table is broken')
  await vi.waitFor(() => expect(save().disabled).toBe(false))
})
