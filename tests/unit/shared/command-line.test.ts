import { expect, it } from 'vitest'
import { presets, type Experiment } from '@shared/experiment'
import { fullRunCommand, shortRunCommand } from '@shared/command-line'
import { varying } from '../../fixtures/varying'

const article = { experiment: presets.article, device: null }
const blog = presets['keras-blog']
const changed: Experiment = {
  ...blog,
  preset: 'custom',
  base: { ...blog.base, batchSize: 1000, learningRate: 1e-7 },
  varied: { key: 'latentDim', values: [2, 8] },
  seeds: [3]
}

it('says only what differs from the preset', () => {
  expect(shortRunCommand(article, 'article')).toBe('npm run -s lab -- run --preset article')
  expect(shortRunCommand({ experiment: changed, device: 'webgpu' }, 'keras-blog')).toBe(
    'npm run -s lab -- run --preset keras-blog --dims 2,8 --learning-rate 1e-7 --batch-size 1000 --seed 3 --device webgpu'
  )
})

it('says everything where it has to last', () => {
  expect(fullRunCommand({ experiment: blog, device: 'cpu' })).toBe(
    'npm run -s lab -- run --preset keras-blog --dims 2,8,16,32,64,128 --hidden none --activation relu --optimizer adam --learning-rate 0.001 --loss bce --batch-size 256 --epochs 50 --train-limit 60000 --seed 1 --device cpu'
  )
})

it('begins with the program of an installed application where it is one', () => {
  expect(fullRunCommand({ experiment: blog, device: null }, 'bottleneck-lab')).toMatch(/^bottleneck-lab run --preset/)
})

it('says what is varied, and seeds in a row by their number', () => {
  const experiment = varying('learningRate', [0.01, 0.001], { base: { hidden: [128, 64] }, seeds: [4, 5, 6] })
  expect(shortRunCommand({ experiment, device: null }, 'article')).toBe(
    'npm run -s lab -- run --preset article --vary learning-rate=0.001,0.01 --dims 16 --hidden 128-64 --seed 4 --seeds 3'
  )
})

it('puts the name of an adapter in quotes where a shell would part it', () => {
  expect(fullRunCommand({ experiment: blog, device: 'webgpu:NVIDIA GeForce RTX 3050' })).toMatch(
    / --device "webgpu:NVIDIA GeForce RTX 3050"$/
  )
})
