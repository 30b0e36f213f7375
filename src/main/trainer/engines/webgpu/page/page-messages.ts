// What a trainer and the hidden page's worker say to each other beside sessions' calls.

/** The adapter that Chromium gives, as far as it says; null where it has none. */
export type AdapterAnswer = { name: string; software: boolean; chromium: string } | null

export interface PageCalls {
  adapter(): Promise<AdapterAnswer>
}

/** What the main process sends a trainer: with a port to the page, or without where there can be no page. It is no command. */
export const GPU_MESSAGE = 'webgpu'
