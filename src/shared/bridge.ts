// What the preload script hands to the page under Electron: all that a page may ask of the desktop, and nothing more.

/** What the menu can ask the page to do. */
export const commandIds = [
  'new-experiment',
  'start',
  'pause-resume',
  'stop',
  'export-report',
  'rename',
  'toggle-rail',
  'device',
  'shortcuts',
  'copy-diagnostics',
  'settings',
  'theme-system',
  'theme-light',
  'theme-dark'
] as const
export type CommandId = (typeof commandIds)[number]

/** `window.bottleneckLab`, frozen; absent in a browser. */
export interface Bridge {
  /** `linux`, `win32` or `darwin`: decides between Ctrl and ⌘ in what the page shows. */
  readonly platform: string
  /** Sends one message of the lab contract (shared/rpc.ts); typed arrays stay what they are. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Asks where to save and writes the bytes there; answers with the path, or null when the user cancelled. */
  saveFile(name: string, bytes: Uint8Array): Promise<string | null>
  copyText(text: string): Promise<void>
  onCommand(listener: (command: CommandId) => void): void
}

/** Channels between page and main process; main answers only its own page on them. */
export const channels = {
  lab: 'lab',
  command: 'command',
  saveFile: 'save-file',
  copyText: 'copy-text'
} as const
