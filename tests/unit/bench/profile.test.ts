import { expect, it } from 'vitest'
import { byOperator } from '../../../bench/profile'

const node = (type: string, dur: number, name = 'x_kernel_time') => ({
  cat: 'Node',
  name,
  dur,
  args: { op_name: type }
})

it('sums what the nodes of each type took, the dearest first, without the loop that holds them', () => {
  const events = [
    { cat: 'Session', name: 'model_run', dur: 9000 },
    node('Loop', 8000),
    node('Mul', 1000),
    node('Gemm', 2000),
    node('Gemm', 4000),
    node('Gemm', 5, 'x_fence_before')
  ]
  expect(byOperator(events, 2)).toEqual([
    { type: 'Gemm', callsPerStep: 1, milliseconds: 3 },
    { type: 'Mul', callsPerStep: 0.5, milliseconds: 0.5 }
  ])
})
