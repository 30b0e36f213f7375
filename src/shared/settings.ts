// What a user has set, the same in every window; kept in settings.json, whose keys are these.
import * as v from 'valibot'
import { defaultFigureOptions, FigureOptionsSchema } from './figure-options'
import { defaultReportOptions, ReportOptionsSchema } from './report-options'

const folderRefusal = 'runs folder: expected a path of at most 1,024 characters'

/** Of `weightsMegabytes`. */
export const MOST_MEGABYTES = 100_000
const megabytesRefusal = 'weightsMegabytes: expected a whole number from 0 to 100,000'

export const SettingsSchema = v.strictObject({
  theme: v.picklist(['system', 'light', 'dark'], 'theme: expected one of system, light, dark'),
  /** Where run folders live; null: the platform's data folder. */
  runsFolder: v.nullable(v.pipe(v.string(folderRefusal), v.maxLength(1024, folderRefusal))),
  /** Whether interrupted runs continue by themselves when the application starts. */
  continueInterrupted: v.boolean('continueInterrupted: expected true or false'),
  /** The weights of a run's epochs take at most so much, in 10^6 bytes; 0: none are kept. */
  weightsMegabytes: v.pipe(
    v.number(megabytesRefusal),
    v.check((x) => Number.isInteger(x) && x >= 0 && x <= MOST_MEGABYTES, megabytesRefusal)
  ),
  /** What was last chosen of a report; every report is made so unless told otherwise. */
  report: ReportOptionsSchema,
  /** The same of a figure. */
  figure: FigureOptionsSchema
})
export type Settings = v.InferOutput<typeof SettingsSchema>

export const defaultSettings: Settings = {
  theme: 'system',
  runsFolder: null,
  continueInterrupted: false,
  weightsMegabytes: 200,
  report: defaultReportOptions,
  figure: defaultFigureOptions
}
