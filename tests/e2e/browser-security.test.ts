// The rules of the browser’s interface tried in a real browser: what a foreign script in the page, and another site’s page, can’t do.
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, test } from './host'

/** Another site on 127.0.0.1, which counts what it is asked for. */
async function otherSite(page: string): Promise<{ server: Server; url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Content-Type', 'text/html').end(page)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
}

/** The names of the directives that the page has violated so far. */
const violations = (page: Page) => page.evaluate(() => (globalThis as unknown as { violated: string[] }).violated)

test('a script, a style, a picture, a frame or a connection of others is refused in the page', async ({ open }) => {
  const { page } = await open()
  const other = await otherSite('x')
  try {
    await page.evaluate((url) => {
      const seen = globalThis as unknown as { violated: string[] }
      seen.violated = []
      addEventListener('securitypolicyviolation', (event) => seen.violated.push(event.effectiveDirective))
      const add = (name: string, properties: object) =>
        document[name === 'object' ? 'body' : 'head'].append(Object.assign(document.createElement(name), properties))
      add('script', { textContent: 'document.title = "changed"' })
      add('style', { textContent: 'body { display: none }' })
      add('script', { src: `${url}script` })
      add('link', { rel: 'stylesheet', href: `${url}style` })
      add('img', { src: `${url}picture` })
      add('iframe', { src: `${url}frame` })
      add('object', { data: `${url}object` })
      add('base', { href: url })
      void fetch(`${url}fetch`).catch(() => undefined)
      new WebSocket(url.replace('http', 'ws')).onerror = () => undefined
      navigator.sendBeacon(`${url}beacon`)
      const form = Object.assign(document.createElement('form'), { action: `${url}form`, method: 'post' })
      document.body.append(form)
      form.submit()
      setTimeout(() => (0, eval)('1')) // in a task of the page's own: what a debugger evaluates is exempt from the policy
    }, other.url)
    const kinds = ['base-uri', 'connect-src', 'form-action', 'frame-src', 'img-src', 'object-src']
    const expected = [...kinds, 'script-src', 'script-src-elem', 'style-src-elem']
    await expect.poll(async () => [...new Set(await violations(page))].sort()).toEqual(expected)
    expect(other.asked).toEqual([])
    expect(await page.title()).not.toBe('changed')
  } finally {
    other.server.close()
  }
})

test('no service worker can be left behind', async ({ open }) => {
  const { page } = await open()
  const outcome = await page.evaluate(async () => {
    const script = document.querySelector<HTMLScriptElement>('script[src]')?.src ?? ''
    const attempt = navigator.serviceWorker.register(script, { type: 'module' })
    return attempt.then(
      () => 'registered',
      () => 'refused'
    )
  })
  expect(outcome).toBe('refused')
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)
})

test('another site’s page can’t frame, read, embed or keep hold of the interface', async ({ open }) => {
  const { page } = await open()
  const lab = page.url()
  const script = await page.evaluate(() => document.querySelector<HTMLScriptElement>('script[src]')?.src ?? '')
  const other = await otherSite('<!doctype html><title>other</title>')
  try {
    const visitor = await page.context().newPage()
    await visitor.goto(other.url)
    const outcomes = await visitor.evaluate(
      async ([address, file]) => {
        const get = (url: string, mode: RequestMode) =>
          fetch(url, { mode }).then(
            () => 'fetched',
            () => 'refused'
          )
        const embedded = new Promise<string>((resolve) => {
          const element = Object.assign(document.createElement('script'), { src: file, type: 'text/javascript' })
          element.onload = () => resolve('embedded')
          element.onerror = () => resolve('refused')
          document.head.append(element)
        })
        return [await get(address, 'cors'), await get(address, 'no-cors'), await get(file, 'no-cors'), await embedded]
      },
      [lab, script] as const
    )
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused'])

    await visitor.evaluate(
      (address) =>
        new Promise((resolve) => {
          const frame = Object.assign(document.createElement('iframe'), { src: address, onload: resolve })
          document.body.append(frame)
        }),
      lab
    )
    expect(visitor.frames().map((frame) => frame.url())).toEqual([other.url, 'chrome-error://chromewebdata/'])

    const opened = page.context().waitForEvent('page')
    await visitor.evaluate((address) => {
      const holder = globalThis as unknown as { held: unknown; open(address: string): unknown }
      holder.held = holder.open(address)
    }, lab)
    const second = await opened
    await expect(second.getByRole('alert')).toContainText('opened without its link')
    expect(await second.evaluate(() => opener === null)).toBe(true)
    expect(await visitor.evaluate(() => (globalThis as unknown as { held: { closed: boolean } }).held.closed)).toBe(
      true
    )
  } finally {
    other.server.close()
  }
})
