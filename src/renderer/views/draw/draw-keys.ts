// The keys of the drawing: what a key press asks for, and when it is meant for something else.
import type { Key } from '../../shortcuts'

export type DrawCommand = 'undo' | 'clear' | 'less noise' | 'more noise'

const FIELDS =
  'input:not([type="range"]):not([type="checkbox"]), textarea, select, [contenteditable="true"], dialog, [role="menu"]'
/** In the list of runs Delete is another's. */
const OWN_DELETE = 'nav'

/** The command of a key press on `target`, or null where the key has no meaning here or belongs to the target. */
export function drawCommand(key: Key, target: Pick<Element, 'closest'> | null): DrawCommand | null {
  if (key.altKey || target?.closest(FIELDS)) return null
  const isControl = key.ctrlKey || key.metaKey
  if (isControl) return key.key.toLowerCase() === 'z' && !key.shiftKey ? 'undo' : null
  switch (key.key) {
    case 'Delete':
      return target?.closest(OWN_DELETE) ? null : 'clear'
    case '[':
      return 'less noise'
    case ']':
      return 'more noise'
  }
  return null
}
