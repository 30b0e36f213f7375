// The theme everywhere outside the page, and the menu that shows and changes it.
import { app, BrowserWindow, Menu, nativeTheme } from 'electron'
import type { Settings } from '@shared/settings'
import { channels } from '@shared/bridge'
import type { CommandId } from '@shared/commands'
import type { Lab } from '../lab/lab'
import { menuTemplate } from './menu'
import { backgroundColor } from './lab-window'

/** Applies the theme of the settings now and at every change, and keeps the menu in step with it. */
export async function followSettings(lab: Pick<Lab, 'calls' | 'follow'>, newWindow: () => void): Promise<void> {
  const apply = ({ theme }: Settings) => {
    nativeTheme.themeSource = theme
    setMenu(theme, newWindow)
  }
  nativeTheme.on('updated', () => {
    for (const window of BrowserWindow.getAllWindows()) window.setBackgroundColor(backgroundColor())
  })
  lab.follow((event, payload) => {
    if (event === 'settingsChanged') apply(payload as Settings)
  })
  apply(await lab.calls.readSettings())
}

function setMenu(theme: Settings['theme'], newWindow: () => void): void {
  const template = menuTemplate({
    mac: process.platform === 'darwin',
    development: !app.isPackaged,
    theme,
    send: sendCommand,
    newWindow
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

/** Hands a menu command to the page the user looks at. */
function sendCommand(command: CommandId): void {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  window?.webContents.send(channels.command, command)
}
