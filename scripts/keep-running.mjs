// Keeps one process of the application running while its code changes, for `npm run dev`.
const PATIENCE_MILLISECONDS = 5_000 // a window in which a model trains asks before it closes; nobody may be there to answer

/**
 * `start` answers with `{ child, ended }`. `onEnded` gets what the promise `ended` resolves with when a process ends that was not asked to.
 * A new process starts only after the one before has ended, killed if need be: two would fight for a lock, a port, a debugger.
 */
export function keepRunning(start, onEnded, patienceMilliseconds = PATIENCE_MILLISECONDS) {
  let current = null
  let restarting = null

  function run() {
    const own = (current = start())
    void own.ended.then((result) => {
      if (current !== own) return
      current = null
      onEnded(result)
    })
  }

  async function replace() {
    const last = current
    const timer = setTimeout(() => last?.child.kill('SIGKILL'), patienceMilliseconds)
    await end('SIGTERM')
    clearTimeout(timer)
    restarting = null
    run()
  }

  /** Ends the process, by a signal unless it has got one already. */
  async function end(signal) {
    const last = current
    current = null
    if (signal) last?.child.kill(signal)
    await last?.ended
  }

  return { restart: () => (restarting ??= replace()), end }
}
