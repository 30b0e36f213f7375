// What the trainer and the hidden page's worker say to each other over a port: calls by number, and their answers.
import type { LabErrorData } from '@shared/errors'
import type { ModelConfig } from '@shared/model'
import type { ForwardValue, Images, ModelState } from '../../engine'

/** Arguments of each call. A set of images is sent once to a session and named by its number afterwards. */
export interface Calls {
  adapter: []
  open: [models: readonly ModelConfig[], train: number]
  images: [set: number, images: Images, forget: number | undefined]
  steps: [order: Int32Array]
  forward: [set: number, indices: Int32Array, values: readonly ForwardValue[]]
  save: []
  load: [states: readonly ModelState[]]
  close: []
  /** Stops the call of `steps` that has this number; has no answer of its own. */
  stop: [call: number]
}

export type Request = {
  [Name in keyof Calls]: { call: number; session: number; name: Name; args: Calls[Name] }
}[keyof Calls]

export type Answer = { call: number; result: unknown } | { call: number; error: LabErrorData }

/** The adapter that Chromium gives, as far as it says; null where it has none. */
export type AdapterAnswer = { name: string; software: boolean; chromium: string } | null

/** What the main process sends a trainer: with a port to the page, or without where there can be no page. It is no command. */
export const GPU_MESSAGE = 'webgpu'
