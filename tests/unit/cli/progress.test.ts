import { expect, it } from 'vitest'
import type { CliHost, Output } from '../../../src/main/cli/host'
import { progressReporter } from '../../../src/main/cli/progress'
import { formatTable, type Column } from '../../../src/main/cli/table'
import { presets, type Experiment } from '../../../src/shared/experiment'
import type { StepProgress } from '../../../src/shared/run'

const experiment: Experiment = {
  ...presets.article,
  base: { ...presets.article.base, epochs: 10 },
  varied: { key: 'latentDim', values: [8, 2] }
}
const epoch = {
  id: 'a',
  epoch: 2,
  trainLoss: [0.26, 0.2],
  valLoss: [0.25, NaN],
  valMse: [0.1, 0.1],
  digits: new Uint8Array(0),
  seconds: 1
}
const step: StepProgress = {
  id: 'a',
  epoch: 2,
  step: 50,
  stepsPerEpoch: 100,
  partialTrainLoss: [0.2, 0.2],
  secondsPerEpoch: 2,
  secondsLeft: 17
}

function terminal(columns: number | null) {
  const written: string[] = []
  const output: Output = {
    write: (text) => written.push(text),
    ...(columns !== null && { isTTY: true, columns })
  }
  return { output, written }
}

function report(stderrColumns: number | null, json: boolean, own = experiment, ended = epoch) {
  const stdout = terminal(null)
  const stderr = terminal(stderrColumns)
  const host = { stdout: stdout.output, stderr: stderr.output } as CliHost
  const reporter = progressReporter(host, own, json)
  reporter.stepProgress(step)
  reporter.epochEnded(ended)
  reporter.note('Stopping')
  reporter.close()
  return { stdout: stdout.written, stderr: stderr.written }
}

it('JSON: one epoch event on stdout, narrowest model first, no number as null, nothing on stderr', () => {
  const { stdout, stderr } = report(80, true)
  expect(stderr).toEqual([])
  expect(stdout).toHaveLength(1)
  expect(JSON.parse(stdout[0] ?? '')).toEqual({
    event: 'epoch',
    epoch: 2,
    epochs: 10,
    elapsedSeconds: expect.any(Number),
    models: [
      { id: 'd=2', name: 'd=2', trainLoss: 0.26, valLoss: 0.25 },
      { id: 'd=8', name: 'd=8', trainLoss: 0.2, valLoss: null }
    ]
  })
})

it('a pipe: one plain line an epoch with the time left, no control characters', () => {
  const { stdout, stderr } = report(null, false)
  expect(stdout).toEqual([])
  expect(stderr).toEqual(['epoch  2/10  validation BCE d=2 0.2500 d=8 –  15 s left\n', 'Stopping\n'])
})

it('whatever is varied: each model by its id in JSON, the mean over the seeds of each value in lines', () => {
  const { activation: _, ...base } = { ...experiment.base, latentDim: 4, loss: 'mse' as const }
  const own: Experiment = {
    ...experiment,
    base,
    varied: { key: 'activation', values: ['tanh', 'relu'] },
    seeds: [3, 4]
  }
  const ended = { ...epoch, trainLoss: [0.1, 0.2, 0.3, 0.4], valLoss: [0.1, 0.2, 0.3, 0.5] }
  expect(report(null, false, own, ended).stderr[0]).toBe(
    'epoch  2/10  validation MSE, mean of 2 seeds, activation=tanh 0.1500 activation=relu 0.4000  15 s left\n'
  )
  expect(JSON.parse(report(null, true, own, ended).stdout[0] ?? '')).toMatchObject({
    models: [
      { id: 'activation=tanh.seed=3', name: 'activation=tanh', trainLoss: 0.1, valLoss: 0.1 },
      { id: 'activation=tanh.seed=4', name: 'activation=tanh' },
      { id: 'activation=relu.seed=3', name: 'activation=relu' },
      { id: 'activation=relu.seed=4', name: 'activation=relu', trainLoss: 0.4, valLoss: 0.5 }
    ]
  })
})

it('epochs that are varied: the bar and the lines count to the longest', () => {
  const { epochs: _, ...base } = { ...experiment.base, latentDim: 4 }
  const own: Experiment = { ...experiment, base, varied: { key: 'epochs', values: [40, 10] } }
  expect(report(null, false, own).stderr[0]).toMatch(/^epoch {2}2\/40 {2}validation BCE epochs=10 0\.2500 epochs=40 –/)
})

it('epochs that are varied: the time left is what the trainer says, who knows that later epochs train fewer models', () => {
  const { epochs: _, ...base } = { ...experiment.base, latentDim: 4 }
  const own: Experiment = { ...experiment, base, varied: { key: 'epochs', values: [40, 10] } }
  expect(report(null, false, own).stderr[0]).toMatch(/ {2}15 s left\n$/)
  expect(report(120, false, own).stderr[0]).toContain('  15 s left')
})

it('a terminal: a bar with the time left that never exceeds the width and leaves nothing behind', () => {
  const { stderr } = report(40, false)
  expect(stderr[0]).toContain('epoch 2/10 ███')
  expect(report(120, false).stderr[0]).toContain(' 15 %  15 s left')
  for (const text of stderr) expect([...text.replace(/\r\u001b\[2K/g, '').trimEnd()].length).toBeLessThan(40)
  expect(stderr[stderr.length - 1]).toBe('\r\u001b[2K')
})

it('a terminal: an epoch that is told after the next has begun does not move the bar back', () => {
  const { stderr } = report(120, false)
  expect(stderr[1]).toContain('epoch 2/10 █████')
  const { output, written } = terminal(120)
  const reporter = progressReporter({ stdout: output, stderr: output } as CliHost, experiment, false)
  reporter.stepProgress({ ...step, epoch: 5 })
  reporter.epochEnded(epoch)
  expect(written[1]).toContain('epoch 5/10')
  expect(written[1]).toContain(' 45 %')
})

it('tables align numbers right and words left', () => {
  const rows = [
    { name: 'a', size: '1' },
    { name: 'long', size: '1,000' }
  ]
  const columns: Column<(typeof rows)[0]>[] = [
    { title: 'size', align: 'right', text: (row) => row.size },
    { title: 'name', align: 'left', text: (row) => row.name }
  ]
  expect(formatTable(columns, rows)).toBe(' size  name\n    1  a\n1,000  long\n')
})
