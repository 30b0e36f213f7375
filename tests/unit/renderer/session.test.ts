// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { closeCodes } from '@shared/session'
import { createPageSession } from '../../../src/renderer/session'

const problemOf = (open: () => unknown) => {
  try {
    open()
  } catch (error) {
    return (error as Error).message
  }
  return null
}

/** The page anew, as after a reload: what it keeps is in sessionStorage alone. */
function load(address: string) {
  location.href = `http://127.0.0.1:8080${address}`
  return createPageSession()
}

beforeEach(() => sessionStorage.clear())

it('takes the link out of the address and keeps it over a reload, then the session', () => {
  const page = load('/#link=abc')
  expect(page.opening()).toEqual({ link: 'abc' })
  expect(location.href).toBe('http://127.0.0.1:8080/')

  const reloaded = load('/')
  expect(reloaded.opening()).toEqual({ link: 'abc' })
  reloaded.keep({ session: 'def' })
  expect(load('/').opening()).toEqual({ session: 'def' })
})

it('says what to do without a link, with a used one, and after the lab was started anew', () => {
  const remedy = 'Open the last link in the terminal where the lab runs'
  const page = load('/')
  expect(problemOf(page.opening)).toContain(`This page was opened without its link. ${remedy}`)

  const used = load('/#link=abc')
  expect(used.refusalOf(closeCodes.refused, used.opening())).toMatchObject({ kind: 'no-session' })
  expect(problemOf(used.opening)).toContain(`This link has been used before, or is too old. ${remedy}`)

  const late = load('/')
  late.keep({ session: 'def' })
  late.refusalOf(closeCodes.refused, late.opening())
  expect(problemOf(late.opening)).toContain(`The lab has been started anew. ${remedy}`)
})

it('keeps what it has where the lab is away or full', () => {
  const page = load('/#link=abc')
  expect(page.refusalOf(1006, page.opening()).message).toBe('The lab does not answer')
  expect(page.refusalOf(closeCodes.full, page.opening())).toMatchObject({ kind: 'busy' })
  expect(page.opening()).toEqual({ link: 'abc' })
})

it('keeps its session where a link that comes later opens nothing', () => {
  load('/').keep({ session: 'def' })
  const page = load('/#link=used')
  const shown = page.opening()
  expect(shown).toEqual({ link: 'used' })
  expect(page.refusalOf(closeCodes.refused, shown)).not.toMatchObject({ kind: 'no-session' })
  expect(page.opening()).toEqual({ session: 'def' })

  const again = load('/#link=good')
  again.opening()
  again.keep({ session: 'ghi' })
  expect(load('/').opening()).toEqual({ session: 'ghi' })
})

it('says that the browser forbids it to keep anything, and leaves the link for the next try', () => {
  const page = load('/#link=abc')
  const forbidden = vi.spyOn(globalThis, 'sessionStorage', 'get').mockImplementation(() => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  })
  expect(problemOf(page.opening)).toMatch(/^This page can’t keep its session: found .* Allow it to store data/)
  forbidden.mockRestore()
  expect(page.opening()).toEqual({ link: 'abc' })
})
