// PCA of few training images, whose rank is below the number of components asked for.
import { expect, it } from 'vitest'
import { principalComponents, project, projectionErrors } from '../../../src/main/analysis/pca'
import { mnist } from '../../../src/main/data/mnist'
import { pcaSpectrum } from '../../../src/main/data/pca'
import { mean } from '../../../src/shared/metrics'

it('has no components beyond the rank of the training images, as run.json has it', async () => {
  const { test } = await mnist.loadTestSet(mnist.folder())
  const shown = { ...test, count: 200 }
  const components = principalComponents(test, 20, 128)
  const codes = project(components, shown)
  const spectrum = pcaSpectrum(test, 20, shown, 128)
  for (const k of [8, 19, 20, 128]) {
    expect(mean(projectionErrors(components, shown, codes, k))).toBeCloseTo(spectrum[k - 1]!, 6)
  }
  expect(components.variances.filter((variance) => variance > 0)).toHaveLength(19)
  const beyond = components.vectors.subarray(19 * test.size)
  expect(beyond.every((part) => part === 0)).toBe(true)
})
