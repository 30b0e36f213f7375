// A run's charts as SVG files, as wide as two columns of a page.
import { figureSvg } from '@shared/charts/figure-svg'
import { runFigures } from '@shared/charts/run-figures'
import { figurePresets, toPoints } from '@shared/figure-options'
import type { RunFile } from '@shared/run'
import { openTypeface } from '../system/typeface'

/** `losses`, `loss-1` …, `quality-mse` …: in the order of the files. */
export const chartNames = (run: RunFile) => runFigures(run).map(({ name }) => name)

/** SVG 1.1 in UTF-8, units of a point, text in Inter where there is one. */
export async function chartFiles(run: RunFile): Promise<Uint8Array[]> {
  const { measure } = await openTypeface()
  const { width, height, textSize } = figurePresets.columns
  const size = { width: toPoints(width), height, textSize }
  return runFigures(run).map(({ figure }) => Buffer.from(figureSvg(figure, size, measure)))
}
