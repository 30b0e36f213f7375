// The menu as data: the usual entries of each platform and the application's own, which are sent to the page as commands.
import type { MenuItemConstructorOptions } from 'electron'
import { commands, commandsAt, type CommandId, type MenuPlace } from '@shared/commands'
import type { Settings } from '@shared/settings'

export interface MenuOptions {
  mac: boolean
  /** Shows what is for development only. */
  development: boolean
  theme: Settings['theme']
  send(command: CommandId): void
  newWindow(): void
}

type Entry = MenuItemConstructorOptions

const separator: Entry = { type: 'separator' }

/** The template of the application menu, for `Menu.buildFromTemplate`. */
export function menuTemplate(options: MenuOptions): Entry[] {
  const applicationMenu: Entry[] = options.mac ? [macApplicationMenu(options)] : []
  return [
    ...applicationMenu,
    { label: '&File', submenu: fileEntries(options) },
    { role: 'editMenu' },
    { label: '&View', submenu: viewEntries(options) },
    { label: '&Run', submenu: runEntries(options) },
    { role: 'windowMenu' },
    { role: 'help', submenu: helpEntries(options) }
  ]
}

/** The commands that stand there, each sent to the page. */
function commandEntries({ send, theme }: MenuOptions, place: MenuPlace): Entry[] {
  return commandsAt(place).map((id) => {
    const { does, keys, asks } = commands[id]
    const accelerator = keys?.[0]?.replace('Mod', 'CmdOrCtrl')
    return {
      label: asks ? `${does} …` : does,
      id,
      click: () => send(id),
      ...(accelerator === undefined ? {} : { accelerator }),
      ...(place === 'theme' ? { type: 'radio', checked: id === `theme-${theme}` } : {})
    }
  })
}

function macApplicationMenu(options: MenuOptions): Entry {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      ...commandEntries(options, 'settings'),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' }
    ]
  }
}

function fileEntries(options: MenuOptions): Entry[] {
  return [
    ...commandEntries(options, 'new'),
    { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: () => options.newWindow() },
    separator,
    ...commandEntries(options, 'export'),
    separator,
    ...(options.mac ? [] : [...commandEntries(options, 'settings'), separator]),
    { role: 'close' },
    ...(options.mac ? [] : [{ role: 'quit' } satisfies Entry])
  ]
}

function viewEntries(options: MenuOptions): Entry[] {
  return [
    ...commandEntries(options, 'view'),
    { label: 'Theme', submenu: commandEntries(options, 'theme') },
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    { role: 'reload' },
    ...(options.development ? [{ role: 'toggleDevTools' } satisfies Entry] : [])
  ]
}

function runEntries(options: MenuOptions): Entry[] {
  return [...commandEntries(options, 'run'), separator, ...commandEntries(options, 'run-edit')]
}

function helpEntries(options: MenuOptions): Entry[] {
  const about: Entry[] = options.mac ? [] : [separator, { role: 'about' }]
  return [...commandEntries(options, 'help'), ...about]
}
