// @vitest-environment happy-dom
// What presses of buttons, fingers and pens do in a plane: a click chooses a point, and nothing else does.
import { ref } from 'vue'
import { beforeEach, expect, it } from 'vitest'
import { useLatentStore } from '../../../../src/renderer/stores/latent-store'
import { useModelsStore } from '../../../../src/renderer/stores/models-store'
import { usePlanePointer } from '../../../../src/renderer/views/latent/use-plane-pointer'
import type { PlaneView } from '../../../../src/renderer/views/latent/plane-view'
import { openLab } from '../mounted/mount'

/** Three points, a pixel of the screen a unit of the plane, its middle at 100, 100. */
const points = Float32Array.of(0, 0, 40, 0, 0, 40)
let view: ReturnType<typeof ref<PlaneView>>

function plane() {
  const element = document.createElement('div')
  view = ref<PlaneView>({ centre: { x: 0, y: 0 }, scale: 1 })
  return usePlanePointer({
    element: ref(element),
    points: () => points,
    view: view as never,
    size: ref({ width: 200, height: 200 }),
    move: (next) => (view.value = next),
    reset: () => undefined
  })
}

/** An event of the pointer over the point that lies at 40, 0, moved by `by` pixels. */
function at(type: string, init: PointerEventInit = {}, by = 0): PointerEvent {
  return new PointerEvent(type, { clientX: 140 + by, clientY: 100, button: 0, pointerId: 1, isPrimary: true, ...init })
}

beforeEach(async () => {
  await openLab()
  useModelsStore().images = { pixels: new Uint8Array(3 * 4), labels: Uint8Array.of(0, 1, 2), rows: 2, columns: 2 }
  useLatentStore().pinned = 2
})

it('chooses the point under a click, be it of a finger that never hovered', () => {
  const { begin, end } = plane()
  begin(at('pointerdown'))
  end(at('pointerup'))
  expect(useLatentStore().pinned).toBe(1)
})

it.each([
  ['a right click', { button: 2 }, 'pointerup', 0],
  ['a middle button that moves the plane', { button: 1 }, 'pointerup', 0],
  ['a second finger', { pointerId: 2, isPrimary: false }, 'pointerup', 0],
  ['a press that is taken over by the system', {}, 'pointercancel', 0],
  ['a drag that begins on a point', {}, 'pointerup', 9]
] as const)('%s chooses nothing', (_, init, last, by) => {
  const latent = useLatentStore()
  const { begin, drag, end } = plane()
  drag(at('pointermove', init)) // hovers
  begin(at('pointerdown', init))
  drag(at('pointermove', init, by))
  drag(at('pointermove', init))
  end(at(last, init))
  expect(latent.pinned).toBe(2)
})

it('selects nothing by a lasso that is taken over by the system, and keeps what was selected', () => {
  const latent = useLatentStore()
  latent.tool = 'lasso'
  latent.select([2])
  const { begin, drag, end, lasso } = plane()
  begin(at('pointerdown'))
  for (const clientY of [80, 120, 140]) drag(at('pointermove', { clientY }))
  end(at('pointercancel'))
  expect([latent.selected, lasso.value]).toEqual([[2], null])
})

it('is moved by the pointer that began, and by no other', () => {
  const latent = useLatentStore()
  latent.tool = 'pan'
  const { begin, drag, end } = plane()
  begin(at('pointerdown'))
  begin(at('pointerdown', { pointerId: 2, isPrimary: false }, 50))
  drag(at('pointermove', { pointerId: 2, isPrimary: false }, 90))
  end(at('pointerup', { pointerId: 2, isPrimary: false }, 90))
  drag(at('pointermove', {}, 5))
  expect(view.value?.centre).toEqual({ x: -5, y: 0 })
})
