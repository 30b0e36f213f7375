// The epochs below a loss chart: 1 and round numbers.

/** Ticks from 1 to `last`: about six, the first always 1. */
export function epochTicks(last: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200].find((value) => last / value <= 7) ?? 500
  const ticks = [1]
  for (let epoch = step === 1 ? 2 : step; epoch <= last; epoch += step) ticks.push(epoch)
  return ticks
}
