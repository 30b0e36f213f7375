// What the application runs on, for the About panel, run.json and diagnostics.
import { app } from 'electron'
import { isSandboxed } from './security'

/** Names and versions of the parts, and whether pages are sandboxed. */
export function versions(): Record<string, string> {
  const { electron = '', chrome = '', node } = process.versions
  return { electron, chromium: chrome, node, 'page sandbox': isSandboxed() ? 'on' : 'off' }
}

/** Fills the About panel. */
export function showVersions(): void {
  app.setAboutPanelOptions({
    applicationName: 'Bottleneck Lab',
    applicationVersion: app.getVersion(),
    copyright: 'MIT licence, The Bottleneck Lab developers',
    credits: Object.entries(versions())
      .map(([name, version]) => `${name} ${version}`)
      .join('\n')
  })
}
