// An optimizer and its constants in a line: one spelling for the form and the report.
import { optimizers, type Optimizer } from './model'

const symbols: Readonly<Record<string, string>> = {
  beta1: 'β1',
  beta2: 'β2',
  rho: 'ρ',
  epsilon: 'ε',
  weightDecay: 'weight decay',
  initialSlot: 'initial accumulator'
}

/** `Adam, β1 0.9, β2 0.999, ε 1e-7`: what is 0 is not told. */
export function optimizerText(optimizer: Optimizer): string {
  const constants = Object.entries(optimizers[optimizer]).filter(
    ([, value]) => typeof value === 'number' && (value as number) !== 0
  )
  return [optimizers[optimizer].label, ...constants.map(([name, value]) => `${symbols[name] ?? name} ${value}`)].join(
    ', '
  )
}
