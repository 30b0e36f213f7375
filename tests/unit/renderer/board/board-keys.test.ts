import { describe, expect, it } from 'vitest'
import { boardCommand, goesOnWhileHeld } from '../../../../src/renderer/components/board/board-keys'
import type { Key } from '../../../../src/renderer/shortcuts'

const press = (key: string, more: Partial<Key> = {}): Key => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more
})
/** An element that lies inside whatever `inside` names; knows selectors as the lists in board-keys write them. */
const target = (inside: string) => ({
  closest: (selectors: string) => (selectors.split(', ').includes(inside) ? ({} as Element) : null)
})

describe('keys of the overview', () => {
  it('moves by an epoch, by ten, to the ends', () => {
    expect(boardCommand(press('ArrowLeft'), null)).toEqual({ type: 'step', epochs: -1 })
    expect(boardCommand(press('ArrowRight', { shiftKey: true }), null)).toEqual({ type: 'step', epochs: 10 })
    expect(boardCommand(press('Home'), null)).toEqual({ type: 'first' })
    expect(boardCommand(press('End'), null)).toEqual({ type: 'latest' })
  })

  it('goes on through the epochs while an arrow is held, and does nothing else twice', () => {
    const held = (key: string) => {
      const command = boardCommand(press(key), null)
      return command && goesOnWhileHeld(command)
    }
    expect(['ArrowLeft', 'ArrowRight'].map(held)).toEqual([true, true])
    expect([' ', 'o', 'y', 'l', '1'].map(held)).toEqual([false, false, false, false, false])
  })

  it('plays, goes live and switches the charts, whatever the case of the letter', () => {
    expect(boardCommand(press(' '), null)).toEqual({ type: 'play' })
    expect(boardCommand(press('l'), null)).toEqual({ type: 'latest' })
    expect(boardCommand(press('O'), null)).toEqual({ type: 'toggleView' })
    expect(boardCommand(press('y'), null)).toEqual({ type: 'toggleScale' })
  })

  it('chooses the digits with 1 … 9 and 0', () => {
    const columns = [...'1234567890'].map((key) => boardCommand(press(key), null))
    expect(columns).toEqual(Array.from({ length: 10 }, (_, column) => ({ type: 'digit', column })))
  })

  it('leaves shortcuts with Ctrl, Alt and Cmd alone', () => {
    expect(boardCommand(press('l', { ctrlKey: true }), null)).toBeNull()
    expect(boardCommand(press('1', { metaKey: true }), null)).toBeNull()
    expect(boardCommand(press('ArrowLeft', { altKey: true }), null)).toBeNull()
  })

  it('leaves fields, menus and dialogs their keys, but not the scrubber', () => {
    expect(boardCommand(press('l'), target('textarea'))).toBeNull()
    expect(boardCommand(press('5'), target('dialog'))).toBeNull()
    expect(boardCommand(press('l'), target('input:not([data-scrubber])'))).toBeNull()
    expect(boardCommand(press('ArrowLeft'), target('input'))).toEqual({ type: 'step', epochs: -1 })
  })

  it('leaves arrows to groups that use them and Space to buttons, yet takes letters there', () => {
    expect(boardCommand(press('ArrowRight'), target('[role="toolbar"]'))).toBeNull()
    expect(boardCommand(press('Home'), target('[role="tablist"]'))).toBeNull()
    expect(boardCommand(press(' '), target('button'))).toBeNull()
    expect(boardCommand(press('l'), target('button'))).toEqual({ type: 'latest' })
  })

  it('knows no other keys', () => {
    expect(boardCommand(press('x'), null)).toBeNull()
    expect(boardCommand(press('Tab'), null)).toBeNull()
    expect(boardCommand(press('F10', { shiftKey: true }), null)).toBeNull()
  })
})
