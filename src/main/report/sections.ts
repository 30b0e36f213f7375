// The report's sections as data, one function a part; a part that has nothing to say of a run is no section.
import { isDeepStrictEqual } from 'node:util'
import { reportPartKeys, type ReportOptions, type ReportPart } from '@shared/report-options'
import { epochsDone } from '@shared/run'
import { caveats } from './caveats'
import { lossCaption, qualityCaption, qualityNote } from './chart-words'
import {
  hasEndLabels,
  lossLegend,
  overlaidChart,
  qualityCharts,
  seedsLegend,
  smallLossCharts,
  variedName,
  type Drawing
} from './charts'
import { claimsSection } from './claims-section'
import type { Entry, Figure, Section } from './document'
import { gallery } from './gallery'
import { modelTable } from './model-table'
import { pcaComparison } from './pca'
import { definitions, provenance } from './provenance'
import { recipe } from './recipe'
import type { ReportedRun } from './report'
import { runNames } from './run-names'
import { differenceTable, resultTable } from './comparison'

interface Source {
  runs: readonly ReportedRun[]
  /** How a command is started here. */
  program: string
  drawing: Drawing
}

/** One run of the source, and where its pictures go. */
type OneRun = ReportedRun & Pick<Source, 'program' | 'drawing'>

/** In the report's own order, whatever that of the options; pictures go to the drawing's files. */
export function sectionsOf(source: Source, options: ReportOptions): Section[] {
  const parts = reportPartKeys.filter((part) => options.parts.includes(part))
  const [run, ...others] = source.runs
  if (!run) return []
  return parts.flatMap((part) => (others.length > 0 ? compared(part, source) : builders[part]({ ...source, ...run })))
}

/** In a heading, in characters. */
const LONGEST_NAME = 60

/** A part of a comparison: what only a comparison has, then each run's under its name. What all runs say alike is said once. */
function compared(part: ReportPart, source: Source): Section[] {
  const tables = part === 'models' ? [differenceTable(source.runs), resultTable(source.runs)] : []
  const own = source.runs.map((run, index) => {
    const drawing = { ...source.drawing, prefix: `run-${index + 1}-` }
    return builders[part]({ ...run, drawing, program: source.program })
  })
  const [first = []] = own
  if (own.every((sections) => isDeepStrictEqual(sections, first))) return [...tables, ...first]
  const names = runNames(source.runs, LONGEST_NAME)
  const named = own.flatMap((sections, index) =>
    sections.map((section) => ({ ...section, heading: `${section.heading} · ${names[index]}` }))
  )
  return [...tables, ...named]
}

const builders: Record<ReportPart, (run: OneRun) => Section[]> = {
  abstract: () => [], // stands with the title
  models: ({ file }) => [modelTable(file)],
  losses,
  quality,
  images: (run) => [gallery(run, run.drawing)],
  claims: ({ file, claims }) => [claimsSection(file, claims)].filter((section) => section !== null),
  caveats: ({ file }) =>
    [{ kind: 'paragraphs' as const, heading: 'Caveats', paragraphs: caveats(file) }].filter(isSaid),
  recipe: ({ file, program }) => [entries('Recipe', recipe(file, program))],
  provenance: ({ file, state }) => [entries('Machine and data', provenance(file, state))],
  definitions: ({ file }) => [entries('How it was measured', definitions(file))]
}

const isSaid = ({ paragraphs }: { paragraphs: string[] }) => paragraphs.length > 0
const entries = (heading: string, named: Entry[]): Section => ({ kind: 'entries', heading, entries: named })

/** Whether there is something to compare. */
const isCompared = ({ file }: OneRun) => epochsDone(file) > 0 && file.experiment.varied.values.length > 1

function losses(source: OneRun): Section[] {
  const { file, drawing } = source
  if (epochsDone(file) === 0) return []
  const legend = lossLegend(file)
  const overlaid: Figure = {
    caption: lossCaption(file, hasEndLabels(file)),
    legend,
    columns: 1,
    charts: [overlaidChart(file, drawing)],
    notes: []
  }
  const small: Figure = {
    caption: 'The same, one by one, with the same axes in all.',
    legend,
    columns: 3,
    charts: smallLossCharts(file, drawing),
    notes: []
  }
  return [{ kind: 'figures', heading: 'Loss by epoch', figures: isCompared(source) ? [overlaid, small] : [overlaid] }]
}

function quality(source: OneRun): Section[] {
  const { file, drawing } = source
  const charts = isCompared(source) ? qualityCharts(file, drawing) : []
  if (charts.length === 0) return []
  const figure: Figure = {
    caption: qualityCaption(file),
    legend: seedsLegend(file, 'range'),
    columns: 3,
    charts,
    notes: [[qualityNote(file), pcaComparison(file)].filter(Boolean).join(' ')].filter(Boolean)
  }
  return [{ kind: 'figures', heading: `Quality by ${variedName(file)}`, figures: [figure] }]
}
