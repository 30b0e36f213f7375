import { expect, test } from 'vitest'
import { commandArguments } from '../../../src/main/desktop/command-arguments'

test.each([
  [['--no-sandbox', '.', 'run', '--dims', '2,8'], true, ['run', '--dims', '2,8']],
  [['run', '--help'], false, ['run', '--help']],
  [['--user-data-dir=/x', 'serve'], false, ['serve']],
  [['--inspect=0', '.', '--version'], true, ['--version']],
  [['-h'], false, ['-h']],
  [['nonsense'], false, ['nonsense']],
  [['.'], true, null],
  [[], false, null],
  [['--inspect=0', '--remote-debugging-port=0'], false, null]
])('%j', (argv, named, expected) => {
  expect(commandArguments(argv, named)).toEqual(expected)
})
