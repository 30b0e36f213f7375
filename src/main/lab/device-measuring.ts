// Measures devices one after another with the article's six models, and notes what came of it.
import type { FoundDevice } from '@shared/contract'
import { LabError, sentence, toLabErrorData } from '@shared/errors'
import { presets } from '@shared/experiment'
import type { Log } from '../system/log'
import type { DeviceHistory } from './device-history'
import type { Supervisor } from './supervisor'

export interface DeviceMeasuring {
  /**
   * Measures these devices in about 3 s. `hurried`: what has not started by then is left for the next time. Joins a measuring
   * that is under way. Rejects with LabError `busy` when a run comes between.
   */
  measure(devices: readonly FoundDevice[], hurried: boolean): Promise<void>
}

export interface DeviceMeasuringOptions {
  supervisor: Pick<Supervisor, 'measure'>
  history: DeviceHistory
  dataFolder: string
  log: Log
}

const BUDGET_MILLISECONDS = 3_000
const MOST_MILLISECONDS_A_DEVICE = 1_000
const LEAST_MILLISECONDS_A_DEVICE = 200

export function createDeviceMeasuring(options: DeviceMeasuringOptions): DeviceMeasuring {
  const { supervisor, history, dataFolder, log } = options
  let underWay: Promise<void> | null = null

  async function measureEach(devices: readonly FoundDevice[], hurried: boolean): Promise<void> {
    const deadline = performance.now() + BUDGET_MILLISECONDS
    for (const [index, device] of devices.entries()) {
      const left = deadline - performance.now()
      if (hurried && left <= 0) return
      await measureOne(device, within(left / (devices.length - index)))
    }
  }

  async function measureOne(device: FoundDevice, budgetMilliseconds: number): Promise<void> {
    try {
      const asked = { experiment: presets.article, device: device.name, dataFolder, budgetMilliseconds }
      const { millisecondsPerStep } = await supervisor.measure(asked)
      await history.noteSpeed(device, millisecondsPerStep)
      log.info(`${device.name} needs ${millisecondsPerStep.toFixed(1)} ms a step`)
    } catch (error) {
      const data = toLabErrorData(error)
      if (data.kind === 'busy') throw LabError.from(data)
      await history.noteFailure(device, sentence({ ...data, remedy: '' }))
      log.warn(`${device.name} could not be measured: ${sentence(data)}`)
    }
  }

  return {
    measure(devices, hurried) {
      underWay ??= measureEach(devices, hurried).finally(() => (underWay = null))
      return underWay
    }
  }
}

function within(milliseconds: number): number {
  return Math.max(LEAST_MILLISECONDS_A_DEVICE, Math.min(MOST_MILLISECONDS_A_DEVICE, milliseconds))
}
