// @vitest-environment happy-dom
// What is said of codes for which there is nothing to estimate or to draw.
import { expect, it, vi } from 'vitest'
import type { CodeFigures, Codes } from '@shared/analysis'
import DimensionCurves from '../../../../src/renderer/components/analysis/DimensionCurves.vue'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import PlaneStanding from '../../../../src/renderer/views/latent/PlaneStanding.vue'
import { runView } from '../run-view'
import { all, find, mount, openLab } from './mount'

vi.mock('../../../../src/renderer/components/analysis/PlainChart.vue', () => ({ default: { render: () => null } })) // charts need a real canvas

const figures = (rank: number, size: number, dead: number, dimension: number): CodeFigures => ({
  of: 'model',
  rank,
  seed: 1,
  size,
  neighbourAccuracy: 0.5,
  probeAccuracy: 0.5,
  trustworthiness: 0.9,
  mle: [{ k: 10, radius: 0.1, estimate: { dimension, points: 100 } }],
  twoNN: [{ points: 100, estimate: { dimension, points: 90 } }],
  participationRatio: 1,
  effectiveRank: 1,
  active: size - dead,
  dead
})

async function open(codes: CodeFigures[]): Promise<string[]> {
  await openLab({ openRun: () => Promise.resolve(runView(2)) })
  await useRunStore().open('one')
  const root = await mount(DimensionCurves, { codes: { codes } as Partial<Codes> })
  return [...root.querySelectorAll('p')].map(({ textContent }) => textContent?.trim() ?? '')
}

it('estimates no dimension of codes that hardly vary, and says why', async () => {
  const [said, ...more] = await open([figures(0, 2, 2, 3.37), figures(1, 32, 0, 12.1)])
  expect(said).toMatch(/^Without an estimate: d = 2\. All units are dead/)
  expect(more).toEqual([])
  expect(all('tbody th').map(({ textContent }) => textContent)).toEqual(['d = 32'])
})

it('says of an estimate above the number of units that it is no dimension', async () => {
  const [said, ...more] = await open([figures(0, 2, 0, 3.37), figures(1, 32, 0, 12.1)])
  expect(said).toMatch(/^d = 2: an estimate above the number of units is no dimension/)
  expect(more).toEqual([])
})

it('says over an empty plane that codes which hardly vary are not drawn', async () => {
  await openLab()
  await mount(PlaneStanding, { state: null, isFlat: true, label: 'd = 2', epoch: 70 })
  expect(find('[aria-hidden]').textContent).toMatch(
    /^The codes of d = 2 hardly vary at epoch 70: all its units are dead/
  )
})
