// The command line that trains an experiment once more.
import type { Experiment } from '@shared/experiment'

/** Every hyperparameter by name, so that the line means the same whatever a preset may become. */
export function runCommand(experiment: Experiment): string {
  const { activation, batchSize, epochs, learningRate, preset, seed, trainLimit, varied } = experiment
  return [
    'npm run -s lab -- run',
    `--preset ${preset === 'custom' ? 'article' : preset}`,
    `--dims ${varied.values.join(',')}`,
    `--epochs ${epochs}`,
    `--batch-size ${batchSize}`,
    `--activation ${activation}`,
    `--learning-rate ${learningRate}`,
    `--seed ${seed}`,
    `--train-limit ${trainLimit}`
  ].join(' ')
}
