// Draws resources/icon.png from resources/icon.svg: electron-builder makes every platform's icon from it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { findChromium } from './find-chromium.mjs'

const resource = (name) => fileURLToPath(new URL(`../resources/${name}`, import.meta.url))
const browser = await chromium.launch({ executablePath: findChromium() })
const page = await browser.newPage({ viewport: { width: 1024, height: 1024 } })
await page.setContent(`<style>body{margin:0}svg{display:block}</style>${readFileSync(resource('icon.svg'), 'utf8')}`)
await page.screenshot({ path: resource('icon.png'), omitBackground: true })
await browser.close()
