// Programs beside one another, as many as there are processors.
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Does `work` for each item and answers with what it answers, in the items' order. Rejects with the first that fails. */
export async function sideBySide(items, work) {
  const answers = []
  const waiting = [...items.entries()]
  async function takeTurns() {
    for (let next = waiting.shift(); next; next = waiting.shift()) answers[next[0]] = await work(next[1])
  }
  await Promise.all(Array.from({ length: availableParallelism() }, takeTurns))
  return answers
}

/** Runs a program to its end; `output` is all that it wrote, `works` whether it ended with 0. */
export function runProgram(command, args, options = {}) {
  return new Promise((resolve) => {
    execFile(command, args, { maxBuffer: 2 ** 26, ...options }, (error, stdout, stderr) => {
      const why = error?.code === 'ENOENT' || error?.killed ? `${command}: ${error.message}\n` : ''
      resolve({ works: error === null, output: stdout + stderr + why })
    })
  })
}
