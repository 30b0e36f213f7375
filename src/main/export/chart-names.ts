// How the files of a run's charts are called, which is known without drawing them.
import { runFigures } from '@shared/charts/run-figures'
import type { RunFile } from '@shared/run'

/** `losses`, `loss-1` …, `quality-mse` …: in the order of the files. */
export const chartNames = (run: RunFile) => runFigures(run).map(({ name }) => name)
