// Memory of processes that stay for days.
import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's space for young objects as small as it is at the start. By itself it doubles with use, several times, and hardly shrinks:
 * memory seems to grow with each run, for collections that these processes, which wait or compute outside of V8, don't need to save.
 */
export function keepYoungSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
