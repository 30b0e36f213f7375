import { expect, it, vi } from 'vitest'
import { readOptions } from '../../../bench/options'

it('takes no peer unless asked, all by the bare flag, or those that are named', () => {
  expect(readOptions([], '/root').peers).toEqual([])
  expect(readOptions(['--peers', '--article'], '/root').peers).toContain('keras')
  expect(readOptions(['--peers', 'jax,keras'], '/root').peers).toEqual(['jax', 'keras'])
})

it('measures all parts unless some are named', () => {
  expect(readOptions([], '/root').parts).toContain('busy')
  expect(readOptions(['--parts', 'steps,kernels'], '/root').parts).toEqual(['steps', 'kernels'])
})

it.each([['--peers', 'theano'], ['--parts', 'profile'], ['--rounds', '0'], ['--rounds', 'x'], ['--unknown']])(
  'refuses %s %s with exit code 2',
  (...args) => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`)
    })
    expect(() => readOptions(args, '/root')).toThrow('exit 2')
    expect(written).toHaveBeenCalled()
    exit.mockRestore()
    written.mockRestore()
  }
)
