// Lets a debugger attach to the trainer: `npm run dev -- --inspect` names the port in the environment.

/** Node's arguments for a trainer process; none where the environment names no port. A packaged application must not ask. */
export function inspectorArguments(environment: NodeJS.ProcessEnv = process.env): string[] {
  const port = environment.BOTTLENECK_LAB_TRAINER_INSPECT ?? ''
  return /^\d{1,5}$/.test(port) ? [`--inspect=127.0.0.1:${port}`] : []
}
