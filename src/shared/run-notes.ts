// What a user notes of a run beside its results: tags and a note. They prove nothing and may change at any time.
import * as v from 'valibot'
import { cutText } from './cut-text'
import { refusal } from './hyperparameters'

export const MOST_TAGS = 16
export const LONGEST_TAG = 32
export const LONGEST_NOTE = 2000

const tagExpected = `up to ${LONGEST_TAG} characters without spaces, commas and #`
const tagsExpected = `up to ${MOST_TAGS} tags`
const noteExpected = 'up to 2,000 characters'

export const TagSchema = v.pipe(
  v.string(refusal('tag', tagExpected)),
  v.minLength(1, refusal('tag', tagExpected)),
  v.maxLength(LONGEST_TAG, refusal('tag', tagExpected)),
  v.regex(/^[^\s,#]+$/, refusal('tag', tagExpected))
)

export const RunNotesSchema = v.object({
  tags: v.pipe(
    v.instance(Array<unknown>, refusal('tags', tagsExpected)),
    v.maxLength(MOST_TAGS, refusal('tags', tagsExpected)),
    v.array(TagSchema)
  ),
  note: v.pipe(v.string(refusal('note', noteExpected)), v.maxLength(LONGEST_NOTE, refusal('note', noteExpected)))
})
export type RunNotes = v.InferOutput<typeof RunNotesSchema>

export const noNotes: RunNotes = { tags: [], note: '' }

/** Tags as they are typed, with spaces, commas or # between: each once, as many as a run may have, long ones cut. */
export function tagsOf(typed: string): string[] {
  const words = typed.split(/[\s,#]+/).filter(Boolean)
  return [...new Set(words.map((word) => cutText(word, LONGEST_TAG)))].slice(0, MOST_TAGS)
}
