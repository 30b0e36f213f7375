// The menu as data: the usual entries of each platform and the application's own, which are sent to the page as commands.
import type { MenuItemConstructorOptions } from 'electron'
import type { CommandId } from '@shared/bridge'
import type { Settings } from '@shared/contract'

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

/** An entry that asks the page to do something. */
function command(options: MenuOptions, label: string, id: CommandId, accelerator?: string): Entry {
  return { label, id, click: () => options.send(id), ...(accelerator === undefined ? {} : { accelerator }) }
}

function macApplicationMenu(options: MenuOptions): Entry {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      command(options, 'Settings …', 'settings', 'Cmd+,'),
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
  const settings = [command(options, 'Settings …', 'settings', 'Ctrl+,'), separator]
  return [
    command(options, 'New experiment …', 'new-experiment', 'CmdOrCtrl+N'),
    { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: () => options.newWindow() },
    separator,
    command(options, 'Export report …', 'export-report', 'CmdOrCtrl+E'),
    separator,
    ...(options.mac ? [] : settings),
    { role: 'close' },
    ...(options.mac ? [] : [{ role: 'quit' } satisfies Entry])
  ]
}

function viewEntries(options: MenuOptions): Entry[] {
  const theme = (label: string, value: Settings['theme']): Entry => ({
    ...command(options, label, `theme-${value}`),
    type: 'radio',
    checked: options.theme === value
  })
  return [
    {
      label: 'Theme',
      submenu: [theme('As the system', 'system'), theme('Light', 'light'), theme('Dark', 'dark')]
    },
    command(options, 'Show or hide the run list', 'toggle-rail', 'CmdOrCtrl+B'),
    command(options, 'Device', 'device', 'CmdOrCtrl+D'),
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
  return [
    command(options, 'Start', 'start', 'CmdOrCtrl+Enter'),
    command(options, 'Pause or resume', 'pause-resume', 'CmdOrCtrl+P'),
    command(options, 'Stop', 'stop', 'CmdOrCtrl+.'),
    separator,
    command(options, 'Rename …', 'rename', 'F2')
  ]
}

function helpEntries(options: MenuOptions): Entry[] {
  const about: Entry[] = options.mac ? [] : [separator, { role: 'about' }]
  return [
    command(options, 'Keyboard shortcuts', 'shortcuts'),
    command(options, 'Copy diagnostics', 'copy-diagnostics'),
    ...about
  ]
}
