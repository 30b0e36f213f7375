import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { commandArguments, fileArguments } from '../../../src/main/desktop/command-arguments'

test.each([
  [['--no-sandbox', '.', 'run', '--dims', '2,8'], true, ['run', '--dims', '2,8']],
  [['run', '--help'], false, ['run', '--help']],
  [['--user-data-dir=/x', 'serve'], false, ['serve']],
  [['--inspect=0', '.', '--version'], true, ['--version']],
  [['-h'], false, ['-h']],
  [['nonsense'], false, ['nonsense']],
  [['import', 'my.bottleneck'], false, ['import', 'my.bottleneck']],
  [['my.bottleneck'], false, null],
  [['.', '/x/MY RUN.BOTTLENECK'], true, null],
  [['.'], true, null],
  [[], false, null],
  [['--inspect=0', '--remote-debugging-port=0'], false, null]
])('%j', (argv, named, expected) => {
  expect(commandArguments(argv, named)).toEqual(expected)
})

test('files to open are absolute, whether the system gives paths or addresses; what is no run is left out', () => {
  const elsewhere = resolve('/elsewhere/a b.bottleneck')
  const argv = ['--no-sandbox', 'x.bottleneck', elsewhere, pathToFileURL(elsewhere).href, 'y.txt']
  expect(fileArguments(argv, false, resolve('/home'))).toEqual([resolve('/home/x.bottleneck'), elsewhere, elsewhere])
  expect(fileArguments(['y.pdf'], false, resolve('/home'))).toEqual([resolve('/home/y.pdf')])
  expect(fileArguments(['app.bottleneck', 'x.bottleneck'], true, resolve('/home'))).toEqual([
    resolve('/home/x.bottleneck')
  ])
})
