import { expect, test } from 'vitest'
import { answerPage } from '../../../src/main/desktop/page-answer'

const files = new Map([
  ['/index.html', { content: Buffer.from('<p>'), type: 'text/html; charset=utf-8' }],
  ['/assets/a.js', { content: Buffer.from('1'), type: 'text/javascript; charset=utf-8' }]
])
const status = (url: string, method = 'GET') => answerPage(files, url, method).status

test('serves a file by its exact name, whatever follows the path', () => {
  const answer = answerPage(files, 'app://bottleneck-lab/assets/a.js?v=1#x', 'GET')
  expect(answer).toMatchObject({ status: 200, body: Buffer.from('1') })
  expect(answer.headers['Content-Type']).toBe('text/javascript; charset=utf-8')
  expect(answer.headers['Content-Security-Policy']).toContain("default-src 'none'")
})

test.each([
  'app://bottleneck-lab/../package.json',
  'app://bottleneck-lab/..%2fpackage.json',
  'app://bottleneck-lab/%2e%2e/package.json',
  'app://bottleneck-lab/..%5cpackage.json',
  'app://bottleneck-lab//index.html',
  'app://bottleneck-lab/index.html%00',
  'app://bottleneck-lab/INDEX.HTML',
  'app://bottleneck-lab/assets/',
  'app://bottleneck-lab/assets/../index.html/',
  'app://bottleneck-lab/C:/Windows/win.ini',
  'app://bottleneck-lab/__proto__',
  'app://elsewhere/index.html',
  'app://bottleneck-lab.evil/index.html',
  'nonsense'
])('%s is not found', (url) => {
  expect(status(url)).toBe(404)
})

test('answers GET only', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    expect(status('app://bottleneck-lab/index.html', method)).toBe(404)
  }
})
