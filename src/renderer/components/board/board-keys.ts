// The overview's keys: what a key press asks for, and when it is meant for something else.
import type { Key } from '../../shortcuts'

export type BoardCommand =
  | { type: 'step'; epochs: number }
  | { type: 'first' | 'latest' | 'play' | 'toggleView' | 'toggleScale' }
  | { type: 'digit'; column: number }

/** Things that use arrows, letters or Space themselves. The scrubber is none of them: it is moved by the same keys. */
const OWN_KEYS =
  'input:not([data-scrubber]), textarea, select, [contenteditable="true"], [contenteditable=""], dialog, [role="dialog"], [role="menu"]'
const OWN_ARROWS = '[role="tablist"], [role="radiogroup"], [role="toolbar"], [role="listbox"]'
const OWN_SPACE = 'button, a, summary, [role="button"]'

/** Whether a held key goes on doing it. */
export function goesOnWhileHeld({ type }: BoardCommand): boolean {
  return type === 'step'
}

/** The command of a key press on `target`, or null where the key has no meaning here or belongs to the target. */
export function boardCommand(key: Key, target: Pick<Element, 'closest'> | null): BoardCommand | null {
  if (key.ctrlKey || key.metaKey || key.altKey || target?.closest(OWN_KEYS)) return null
  if (/^\d$/.test(key.key)) return { type: 'digit', column: (Number(key.key) + 9) % 10 }
  switch (key.key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      if (target?.closest(OWN_ARROWS)) return null
      return { type: 'step', epochs: (key.key === 'ArrowLeft' ? -1 : 1) * (key.shiftKey ? 10 : 1) }
    case 'Home':
    case 'End':
      if (target?.closest(OWN_ARROWS)) return null
      return { type: key.key === 'Home' ? 'first' : 'latest' }
    case ' ':
      return target?.closest(OWN_SPACE) ? null : { type: 'play' }
  }
  switch (key.key.toLowerCase()) {
    case 'l':
      return { type: 'latest' }
    case 'o':
      return { type: 'toggleView' }
    case 'y':
      return { type: 'toggleScale' }
  }
  return null
}
