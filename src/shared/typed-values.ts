// Text as values of a hyperparameter: one reader for the form's fields and the command line's options.
import * as v from 'valibot'
import { rowOf, type HyperparameterKey, type HyperparameterValue } from './hyperparameters'
import { listHint, spellingHint } from './parse-number'

/** What a text says; where it can't be used, how to write it (a sentence without a full stop, empty where nothing better is known). */
export type Typed<Value> = { value: Value } | { hint: string }

/** The same of a list; where it can't be used, with the part that is to blame, the whole text where it is no single one. */
export type TypedList = { value: HyperparameterValue[] } | { hint: string; blamed: string }

/** One value: `1,000` is a thousand. */
export function typedValue(key: HyperparameterKey, text: string): Typed<HyperparameterValue> {
  const value = valueOf(key, text)
  return value === undefined ? { hint: hintOf(key, text) } : { value }
}

/** Values with commas between, which only separate: `2, 4, 6`. */
export function typedValues(key: HyperparameterKey, text: string): TypedList {
  const parts = text.split(',')
  // A comma within one part would be a group of thousands, and no part has one: the same reader serves.
  const values = parts.map((part) => valueOf(key, part))
  if (values.every((value) => value !== undefined)) return { value: values }
  if (parts.length > 1 && parts.some((part) => part.trim() === '')) {
    return { hint: 'A comma has no value before or after it', blamed: text }
  }
  const blamed = parts[values.indexOf(undefined)] ?? text
  const { notation } = rowOf(key)
  return { hint: notation ? listHint(text, notation) : hintOf(key, blamed), blamed: blamed.trim() }
}

function hintOf(key: HyperparameterKey, text: string): string {
  const { notation, spelling } = rowOf(key)
  return notation ? spellingHint(text, notation) : (spelling?.(text) ?? '')
}

function valueOf(key: HyperparameterKey, text: string): HyperparameterValue | undefined {
  const { schema, parse } = rowOf(key)
  return accepted(schema, parse(text))
}

/** The value as the schema has it; undefined where it refuses. */
export function accepted<Value>(schema: v.GenericSchema<unknown, Value>, value: unknown): Value | undefined {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : undefined
}
