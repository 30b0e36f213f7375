// The session of a page in a real browser: one link, one tab, and nothing of it for anybody else.
import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, test } from './host'

const alert = (page: Page) => page.getByRole('alert')
const isOpen = (page: Page) =>
  expect(page.getByRole('button', { name: 'Train the article’s six models' })).toBeVisible()

test('a link opens one tab, which keeps its session over a reload', async ({ open }) => {
  const { page, link } = await open()
  await isOpen(page)
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  expect(await page.evaluate(() => document.cookie)).toBe('')
  expect(await page.context().cookies()).toEqual([])
  await page.reload()
  await isOpen(page)

  const used = await page.context().newPage()
  await used.goto(`${page.url()}#link=${'A'.repeat(43)}`)
  await expect(alert(used)).toContainText('This link has been used before')
  expect(used.url()).toBe(page.url())
  const bare = await page.context().newPage()
  await bare.goto(page.url())
  await expect(alert(bare)).toContainText('opened without its link. Open the last link in the terminal')
  await bare.goto((await link?.()) ?? '') // only the fragment changes
  await isOpen(bare)
  await expect(alert(bare)).toHaveCount(0)
  await page.goto(`${page.url()}#link=${'A'.repeat(43)}`) // the page's own session lasts
  await expect(page).toHaveURL(bare.url())
  await isOpen(page)
  await expect(alert(page)).toHaveCount(0)
})

test('another server on 127.0.0.1 that is visited gets neither cookie nor session, and may not open the lab', async ({
  open
}) => {
  const { page } = await open()
  const requests: IncomingMessage[] = []
  const other = createServer((request, response) => {
    requests.push(request)
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>other</title>')
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  try {
    const lab = page.url()
    const its = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
    await page.goto(its)
    expect(requests.length).toBeGreaterThan(0)
    // Its own page is the referrer where the browser asks it for an icon.
    const told = requests.flatMap(({ headers }) => [headers.cookie, headers.referer])
    expect(told.filter((value) => value && value !== its)).toEqual([])
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
    const outcome = await page.evaluate(
      (address) =>
        new Promise((resolve) => {
          const socket = new WebSocket(address)
          socket.onopen = () => resolve('open')
          socket.onerror = () => resolve('refused')
        }),
      `${lab.replace('http:', 'ws:')}lab`
    )
    expect(outcome).toBe('refused')
    await page.goBack()
    await isOpen(page)
  } finally {
    other.close()
  }
})
