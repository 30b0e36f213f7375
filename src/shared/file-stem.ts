// Names of files that Windows takes as well: it keeps some for its devices, whatever ending follows.

const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?=\.|$)/i

/** The same, or behind `run-` where the name, up to its first dot, is that of a device: `CON`, `com1`. */
export function usableStem(stem: string): string {
  return RESERVED.test(stem) ? `run-${stem}` : stem
}
