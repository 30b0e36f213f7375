// What the preload script hands to the page under Electron: all that a page may ask of the desktop, and nothing more.
import type { CommandId } from './commands'

/** Of a file that the page hands over to be saved, at most. */
export const MOST_SAVED_BYTES = 200_000_000

/** `window.bottleneckLab`, frozen; absent in a browser. */
export interface Bridge {
  /** `linux`, `win32` or `darwin`: decides between Ctrl and ⌘ in what the page shows. */
  readonly platform: string
  /** Sends one message of the lab contract (shared/rpc.ts); typed arrays stay what they are. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Asks where to save and writes the bytes, at most `MOST_SAVED_BYTES`, there; answers with the path, or null when the user cancelled. */
  saveFile(name: string, bytes: Uint8Array): Promise<string | null>
  copyText(text: string): Promise<void>
  /** The bytes of a PNG file, at most `MOST_SIDE` pixels a side. */
  copyPicture(png: Uint8Array): Promise<void>
  /** Shows a run's folder in the system's file manager. The page knows runs by their ids alone. */
  revealRun(id: string): Promise<void>
  /** Asks for a folder; answers with its path, or null when the user cancelled. */
  chooseFolder(): Promise<string | null>
  /** The path of what was dropped on the page; empty where it has none. */
  pathOf(file: unknown): string
  /** Answers with the paths of files that the system has handed to the application since it was last asked. */
  takeOpenedFiles(): Promise<string[]>
  onFileOpened(listener: () => void): void
  /** Says whether the page is at work on a file for the user, from the beginning until it is saved: the window asks before it closes. */
  setSaving(isSaving: boolean): void
  onCommand(listener: (command: CommandId) => void): void
}

/** Channels between page and main process; main answers only its own page on them. */
export const channels = {
  lab: 'lab',
  command: 'command',
  saveFile: 'save-file',
  copyText: 'copy-text',
  copyPicture: 'copy-picture',
  revealRun: 'reveal-run',
  chooseFolder: 'choose-folder',
  takeOpenedFiles: 'take-opened-files',
  fileOpened: 'file-opened',
  saving: 'saving'
} as const
