// notes.json: what a user notes of a run, beside run.json, whose results prove themselves and which only the run's owner writes.
import * as v from 'valibot'
import { LabError } from '@shared/errors'
import { noNotes, RunNotesSchema, type RunNotes } from '@shared/run-notes'
import { atomicWrite } from '../system/atomic-write'
import { parseJson } from '../system/parse-json'
import { notUsable, readRegularFile, type FileKind } from '../system/regular-file'
import { runFolderFiles } from './run-folder'

const NOTES_FILE: FileKind = { what: 'The file of notes', remedy: 'Delete it, or note anew: results are not affected' }
const MOST_BYTES = 2 ** 16

/** The notes in a run folder; none where there is no file. Throws LabError `bad-file`. */
export async function readNotes(folder: string): Promise<RunNotes> {
  const path = runFolderFiles(folder).notes
  try {
    const content = v.safeParse(RunNotesSchema, parseJson(String(await readRegularFile(path, MOST_BYTES, NOTES_FILE))))
    if (content.success) return content.output
  } catch (error) {
    if (error instanceof LabError && error.kind === 'not-found') return noNotes
    throw error
  }
  throw notUsable(path, NOTES_FILE, 'something else', 'tags and a note')
}

/** Throws LabError `disk-full` or `not-writable`; the old notes stay then. */
export async function writeNotes(folder: string, { tags, note }: RunNotes): Promise<void> {
  await atomicWrite(runFolderFiles(folder).notes, `${JSON.stringify({ tags, note }, null, 2)}\n`)
}
