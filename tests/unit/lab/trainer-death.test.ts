// Why a trainer ended: by its last words where they say so, never by what it wrote and survived.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { crashError } from '../../../src/main/lab/trainer-death'
import { stderrTail } from '../../../src/main/system/stderr-tail'

const vulkan =
  'Warning: No supported adapters\n    at CheckVkSuccessImpl (../../third_party/dawn/src/dawn/native/vulkan/VulkanError.cpp:88)\n'
const ended = (signal: string | null, stderr: string, code: number | null = null) => ({ code, signal, stderr })

describe('a kill', () => {
  it('by the kernel for want of memory is said as such', () => {
    const error = crashError(ended('SIGKILL', vulkan), true)
    expect(error.kind).toBe('out-of-memory')
    expect(error.message).toMatch(
      /^The trainer ran out of memory: found that the system ended it to get memory back\. Close/
    )
  })

  it.each([
    ['SIGKILL', null],
    [null, 137]
  ])('has no reason in what was written before (%s, %s)', (signal, code) => {
    const { kind, data } = crashError(ended(signal, `${vulkan}VK_ERROR_OUT_OF_DEVICE_MEMORY\n`, code))
    expect(kind).toBe('trainer-crashed')
    expect(data.found).toBe(signal ?? 'exit code 137')
  })
})

describe('memory that ran out', () => {
  it.each([
    '[2174:1130/101500.123456:ERROR:v8_initializer.cc(820)] V8 process OOM (Ineffective mark-compacts near heap limit).',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    '# Fatal process OOM in insufficient memory to create an Isolate',
    '# Fatal JavaScript out of memory: CALL_AND_RETRY_LAST',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'Error: VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'ResourceExhaustedError: OOM when allocating tensor with shape[4096,784]',
    'CUDA_ERROR_OUT_OF_MEMORY: out of memory',
    'mmap failed: Cannot allocate memory'
  ])('%s', (line) => {
    const error = crashError(
      ended('SIGABRT', `${vulkan}\n<--- Last few GCs --->\n${line}\n 1: 0xb0a860 node::Abort()\n`)
    )
    expect(error.kind).toBe('out-of-memory')
    expect(error.data.found).not.toMatch(/^[[#]/)
  })

  it('of a real process, by its own stderr', { timeout: 60_000 }, async () => {
    const program = 'const kept = []; for (;;) kept.push(new Array(1e5).fill({}).map(() => ({})))'
    const child = spawn(process.execPath, ['--max-old-space-size=32', '-e', program])
    const stderr = stderrTail(child.stderr)
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    expect(crashError({ code, signal, stderr: stderr.all(), lastWords: stderr.lastWords() }).kind).toBe('out-of-memory')
  })
})

describe('any other end', () => {
  it('is told by the last words alone, without warnings and the places they come from', () => {
    const exit = { ...ended(null, `${vulkan}TypeError: long ago\n`, 3), lastWords: `${vulkan}the last line\n` }
    expect(crashError(exit).data.found).toBe('exit code 3, the last line')
    expect(crashError({ ...exit, lastWords: vulkan }).data.found).toBe('exit code 3')
    expect(crashError({ ...exit, lastWords: `RangeError: too far\n    at f (a.js:1)\n` }).data.found).toBe(
      'exit code 3, RangeError: too far'
    )
  })
})
