// What the fuzzer knows of a reader: valid inputs to begin from, and how one input is given to it.
import type { LabErrorData } from '@shared/errors'

export interface FuzzReader {
  name: string
  /** How inputs are changed: by their bytes alone, by the structure of their JSON as well, or by values that only structured clone carries. */
  form: 'bytes' | 'json' | 'values'
  /** Valid inputs, small ones. */
  seeds(folder: string): Promise<Buffer[]> | Buffer[]
  /** Makes a changed input whole again, where a digest would hide what lies behind it. */
  seal?(input: Buffer, random: () => number): Buffer
  /** `folder` is the reader's own and empty. */
  open(folder: string): Promise<OpenReader> | OpenReader
}

export interface OpenReader {
  /** Gives one input to the reader; answers with what it said of it, if anything. Throws as the reader does. */
  read(input: Buffer): Promise<LabErrorData[] | void> | LabErrorData[] | void
  close?(): Promise<void>
}

/** A fault that the reader itself would not have told. */
export class Fault extends Error {
  override readonly name = 'Fault'
}
