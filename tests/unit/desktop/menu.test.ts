import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { commandIds, commands, type CommandId } from '../../../src/shared/commands'
import { menuTemplate, type MenuOptions } from '../../../src/main/desktop/menu'

function entriesOf(options: Partial<MenuOptions> = {}): MenuItemConstructorOptions[] {
  const all = (entries: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    entries.flatMap((entry) => [entry, ...(Array.isArray(entry.submenu) ? all(entry.submenu) : [])])
  return all(
    menuTemplate({
      mac: false,
      development: false,
      theme: 'dark',
      send: () => undefined,
      newWindow: () => undefined,
      ...options
    })
  )
}

test.each([true, false])(
  'every command that has a place in the menu is there once and is sent by it (mac: %s)',
  (mac) => {
    const sent: string[] = []
    for (const entry of entriesOf({ mac, send: (command) => sent.push(command) })) {
      if (entry.id !== undefined) (entry.click as () => void)()
    }
    expect([...sent].sort()).toEqual(commandIds.filter((id) => commands[id].menu).sort())
  }
)

test('the menu says and shows what the list of shortcuts does', () => {
  for (const { id, label, accelerator } of entriesOf()) {
    if (id === undefined) continue
    const { does, keys } = commands[id as CommandId]
    expect([label?.replace(' …', ''), accelerator]).toEqual([does, keys?.[0]?.replace('Mod', 'CmdOrCtrl')])
  }
})

test.each([true, false])('no shortcut is given twice (mac: %s)', (mac) => {
  const shortcuts = entriesOf({ mac }).flatMap(({ accelerator }) => (accelerator ? [accelerator.toLowerCase()] : []))
  expect(new Set(shortcuts).size).toBe(shortcuts.length)
})

test('the theme in use is marked', () => {
  const marked = entriesOf({ theme: 'light' }).filter(({ checked }) => checked)
  expect(marked.map(({ id }) => id)).toEqual(['theme-light'])
})

test('developer tools are for development', () => {
  const roles = (development: boolean) => entriesOf({ development }).map(({ role }) => role)
  expect(roles(false)).not.toContain('toggleDevTools')
  expect(roles(true)).toContain('toggleDevTools')
})

test('quit is where each platform has it', () => {
  expect(entriesOf({ mac: false }).map(({ role }) => role)).toContain('quit')
  expect(entriesOf({ mac: true }).filter(({ role }) => role === 'quit')).toHaveLength(1)
})
