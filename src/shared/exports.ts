// What of a run can be exported for other tools, as views and the command line choose it.
import * as v from 'valibot'
import { MOST_MODELS } from './experiment'

/** A format, and what it makes. */
export interface ExportChoice {
  /** As the command line names it. */
  key: string
  label: string
  /** What it writes, for people: follows a colon. */
  writes: string
  of: 'run' | 'model'
  /** Its one file is text, which may be wanted on the clipboard. */
  isText?: true
  /** One for the run, or one for each model: the names of the files, and the line of code that opens them in the other tool. */
  made: { files: string[]; loads: string }[]
}

export interface ExportChoices {
  /** Ids of the run's models in their order. */
  models: string[]
  formats: ExportChoice[]
}

/** How far the export of a run is: so many files are made, and that of this name is next, empty after the last. */
export interface ExportProgress {
  id: string
  done: number
  total: number
  name: string
}

export interface ExportedFile {
  name: string
  content: Uint8Array
}

const MOST_FORMATS = 32
const formatsRefusal = 'formats: expected keys of formats'
const modelsRefusal = `models: expected at most ${MOST_MODELS} ids of models`

export const ExportRequestSchema = v.strictObject({
  /** Keys of formats. */
  formats: v.pipe(
    v.array(v.pipe(v.string(formatsRefusal), v.maxLength(64, formatsRefusal)), formatsRefusal),
    v.minLength(1, formatsRefusal),
    v.maxLength(MOST_FORMATS, formatsRefusal)
  ),
  /** Ids of models; null: all. */
  models: v.nullable(
    v.pipe(
      v.array(v.pipe(v.string(modelsRefusal), v.maxLength(2000, modelsRefusal)), modelsRefusal),
      v.minLength(1, modelsRefusal),
      v.maxLength(MOST_MODELS, modelsRefusal)
    )
  )
})
export type ExportRequest = v.InferOutput<typeof ExportRequestSchema>
