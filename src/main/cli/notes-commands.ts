// `lab tag RUN TAG…` and `lab note RUN TEXT…`: what a user notes of a run beside its results.
import { LabError } from '@shared/errors'
import { LONGEST_TAG, MOST_TAGS, RunNotesSchema, type RunNotes } from '@shared/run-notes'
import * as v from 'valibot'
import type { Lab } from '../lab/lab'
import { findRun } from './find-run'
import type { CliHost } from './host'
import { shownValue } from './usage-error'
import { withLab } from './with-lab'

/** Adds tags to a run, or takes them away, and prints those that it has then. Throws LabError. */
export async function tagRun(host: CliHost, name: string, given: readonly string[], remove: boolean): Promise<void> {
  const tags = given.map((tag) => tag.replace(/^#/, ''))
  await change(host, name, (now) => ({
    ...now,
    tags: remove ? now.tags.filter((tag) => !tags.includes(tag)) : [...new Set([...now.tags, ...tags])]
  }))
}

/** Replaces the note of a run; without words it is deleted. Throws LabError. */
export async function noteRun(host: CliHost, name: string, words: readonly string[]): Promise<void> {
  await change(host, name, (now) => ({ ...now, note: words.join(' ') }))
}

async function change(host: CliHost, name: string, changed: (now: RunNotes) => RunNotes): Promise<void> {
  await withLab(host, async (lab) => {
    const id = await findRun(host, lab, name)
    const wanted = v.safeParse(RunNotesSchema, changed(await notesOf(lab, id)))
    if (!wanted.success) {
      throw new LabError('bad-value', 'These can’t be the tags and the note of a run', {
        found: shownValue(String(wanted.issues[0].input)),
        expected: `up to ${MOST_TAGS} tags of up to ${LONGEST_TAG} characters without spaces, commas and #, and a note of up to 2,000 characters`
      })
    }
    await lab.calls.noteRun(id, wanted.output)
    const { tags, note } = wanted.output
    host.stdout.write(
      `${id}: ${[tags.map((tag) => `#${tag}`).join(' ') || 'no tags', note].filter(Boolean).join('; ')}\n`
    )
  })
}

async function notesOf(lab: Lab, id: string): Promise<RunNotes> {
  const run = (await lab.calls.listRuns()).find((one) => one.id === id)
  return { tags: run?.tags ?? [], note: run?.note ?? '' }
}
