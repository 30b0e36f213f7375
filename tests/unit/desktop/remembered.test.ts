import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { boundsOnScreen, readRemembered, remember } from '../../../src/main/desktop/remembered'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remembered-'))
  file = join(folder, 'sub', 'window.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const nothing = { bounds: null, maximized: false, saveFolder: null }

test('what is remembered one by one is read together', () => {
  expect(readRemembered(file)).toEqual(nothing)
  remember(file, { bounds: { x: 1, y: 2, width: 1200, height: 800 }, maximized: true })
  remember(file, { saveFolder: '/somewhere' })
  expect(readRemembered(file)).toEqual({
    bounds: { x: 1, y: 2, width: 1200, height: 800 },
    maximized: true,
    saveFolder: '/somewhere'
  })
  expect(readdirSync(join(folder, 'sub'))).toEqual(['window.json'])
})

test.each(['', '{', '[]', '{"bounds":{"x":"a"},"maximized":false,"saveFolder":null}'])(
  'a file that holds %s is as good as none',
  (content) => {
    writeFileSync(join(folder, 'damaged.json'), content)
    expect(readRemembered(join(folder, 'damaged.json'))).toEqual(nothing)
  }
)

test('a temporary file of another writer is left alone, and nothing is written through a link', () => {
  mkdirSync(join(folder, 'sub'))
  const others = join(folder, 'others')
  writeFileSync(others, 'theirs')
  symlinkSync(others, `${file}.tmp`)
  remember(file, { maximized: true })
  expect(readFileSync(others, 'utf8')).toBe('theirs')
  expect(readRemembered(file)).toMatchObject({ maximized: true })
})

test('what can’t be written leaves no temporary file', () => {
  mkdirSync(join(file, 'in the way'), { recursive: true })
  expect(() => remember(file, { maximized: true })).toThrow()
  expect(readdirSync(join(folder, 'sub'))).toEqual(['window.json'])
})

test('a pipe or a large file in its place is as good as none', (context) => {
  writeFileSync(join(folder, 'large'), ' '.repeat(100_000) + JSON.stringify({ ...nothing, maximized: true }))
  expect(readRemembered(join(folder, 'large'))).toEqual(nothing)
  context.skip(process.platform === 'win32', 'needs named pipes')
  spawnSync('mkfifo', [join(folder, 'pipe')])
  expect(readRemembered(join(folder, 'pipe'))).toEqual(nothing)
})

describe('bounds', () => {
  const left = { x: 0, y: 0, width: 1920, height: 1040 }
  const right = { x: 1920, y: 0, width: 1280, height: 700 }

  test('stay where they are wholly visible', () => {
    const bounds = { x: 100, y: 50, width: 1200, height: 800 }
    expect(boundsOnScreen(bounds, [left, right])).toEqual(bounds)
  })

  test('move into the screen that shows most of them', () => {
    expect(boundsOnScreen({ x: -300, y: 500, width: 1000, height: 800 }, [left])).toEqual({
      x: 0,
      y: 240,
      width: 1000,
      height: 800
    })
  })

  test('shrink to a smaller screen', () => {
    expect(boundsOnScreen({ x: 1930, y: 0, width: 1440, height: 900 }, [left, right])).toEqual(right)
  })

  test('are forgotten when their screen is gone', () => {
    expect(boundsOnScreen({ x: 2000, y: 100, width: 1000, height: 700 }, [left])).toBeNull()
    expect(boundsOnScreen({ x: 0, y: 0, width: 1000, height: 700 }, [])).toBeNull()
  })
})
