import { expect, test } from 'vitest'
import {
  isAllowedRequest,
  isOwnPage,
  isPage,
  PAGE_ORIGIN,
  PAGE_URL,
  pageUrl
} from '../../../src/main/desktop/page-origin'

const strangers = [
  'https://bottleneck-lab/index.html',
  'http://127.0.0.1/',
  'app://bottleneck-lab.evil/index.html',
  'app://evil/bottleneck-lab',
  'app://bottleneck-lab@evil/',
  'app://user:word@bottleneck-lab/',
  'app://bottleneck-lab:8080/',
  'app:bottleneck-lab',
  'file:///etc/passwd',
  'about:blank',
  'data:text/html,x',
  'javascript:alert(1)',
  '',
  'not a url'
]

test.each(strangers)('%s is not the own page', (url) => {
  expect(isOwnPage(url, PAGE_ORIGIN)).toBe(false)
  expect(isPage(url, PAGE_URL)).toBe(false)
})

test.each(['app://bottleneck-lab/index.html', 'app://bottleneck-lab/index.html#run-1'])('%s is the own page', (url) => {
  expect(isOwnPage(url, PAGE_ORIGIN)).toBe(true)
  expect(isPage(url, PAGE_URL)).toBe(true)
})

test.each([...strangers, 'blob:https://example.org/1', 'ws://127.0.0.1:1/', 'data:text/html,x'])(
  'a request to %s is not sent',
  (url) => {
    expect(isAllowedRequest(url, PAGE_ORIGIN)).toBe(false)
  }
)

test.each(['app://bottleneck-lab/a.js', 'blob:app://bottleneck-lab/1-2', 'data:image/png;base64,AA=='])(
  'a request to %s is answered',
  (url) => {
    expect(isAllowedRequest(url, PAGE_ORIGIN)).toBe(true)
  }
)

test('another file of its origin is not the page', () => {
  for (const path of ['/', '/index.htm', '/assets/index.js', '/INDEX.HTML']) {
    expect(isPage(PAGE_ORIGIN + path, PAGE_URL)).toBe(false)
  }
  expect(isPage('http://localhost:5173/', 'http://localhost:5173')).toBe(true)
})

test('the development server counts only in an unpackaged application', () => {
  const development = { url: 'http://localhost:5173', origin: 'http://localhost:5173' }
  expect(pageUrl(false, 'http://localhost:5173')).toEqual(development)
  expect(pageUrl(true, 'http://localhost:5173').origin).toBe(PAGE_ORIGIN)
  expect(pageUrl(false, undefined).origin).toBe(PAGE_ORIGIN)
  expect(isAllowedRequest('ws://localhost:5173/', development.origin)).toBe(true)
})
