// Of which run an animation is made, and how: what is asked for late, and what a long run leaves of a wish.
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import type { RunView } from '@shared/run'
import { LabError } from '@shared/errors'
import { useAnimationStore } from '../../../../src/renderer/stores/animation-store'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useScreenStore } from '../../../../src/renderer/stores/screen-store'
import { testLink } from '../lab-link'
import { runView } from '../run-view'

vi.mock('../../../../src/renderer/animation/frame-painter', () => ({
  createFramePainter: () => null,
  loadFonts: () => Promise.resolve()
}))

let answers: Map<string, ReturnType<typeof withResolvers<RunView>>>
beforeEach(async () => {
  setActivePinia(createPinia())
  answers = new Map(['long', 'short'].map((id) => [id, withResolvers<RunView>()]))
  const openRun = (id: string) => answers.get(id)?.promise ?? Promise.reject(new LabError('not-found', 'None'))
  await useLabStore().attach(testLink({ openRun, readDigits: async (_, first, last) => digitsOf(first, last) }))
})

function withResolvers<T>() {
  let [resolve, reject] = [(_: T) => undefined as void, (_: unknown) => undefined as void]
  const promise = new Promise<T>((...both) => ([resolve, reject] = both))
  return { promise, resolve, reject }
}
/** Images of epochs up to 2 alone were kept. */
function digitsOf(first: number, last: number) {
  const epochs = Math.max(0, Math.min(2, last) - first + 1)
  return { firstEpoch: first, epochs, models: 2, pixels: new Uint8Array(epochs * 2 * 20 * 784) }
}
const answer = (id: string, epochs: number) => answers.get(id)?.resolve(runView(epochs, {}, id))

it('raises the step for a long run, and keeps the wish for the next one', async () => {
  const animation = useAnimationStore()
  animation.choose('long')
  answer('long', 700)
  await vi.waitFor(() => expect(animation.animated).not.toBeNull())
  expect([animation.smallestStep, animation.step, animation.options.step]).toEqual([3, 3, 1])
  animation.options.step = 50
  animation.choose('short')
  answer('short', 6)
  await vi.waitFor(() => expect(animation.animated?.lastEpoch).toBe(6))
  expect(animation.step).toBe(6)
  animation.options.step = 1
  expect(animation.step).toBe(1)
})

it('says nothing of a run that fails once another was asked for, and shows none once the dialog is closed', async () => {
  const animation = useAnimationStore()
  animation.choose('long')
  animation.choose('short')
  answers.get('long')?.reject(new LabError('bad-file', 'It is damaged'))
  await new Promise((resolve) => setTimeout(resolve))
  expect(animation.problem).toBe('')
  useScreenStore().dialog = null
  answer('short', 6)
  await new Promise((resolve) => setTimeout(resolve))
  expect(animation.animated).toBeNull()
})

it('counts no frame of an epoch whose images turn out to be gone', async () => {
  const animation = useAnimationStore()
  animation.choose('short')
  answer('short', 4)
  await vi.waitFor(() => expect(animation.animated).not.toBeNull())
  expect(animation.frames).toBe(5)
  expect(await animation.animated?.digits(4)).toBeNull()
  expect([animation.frames, animation.seconds]).toEqual([4, 3 * 0.13 + 2])
})
