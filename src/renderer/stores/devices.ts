// The devices as the window shows them: all, the one that trains now or would, and what the user asks of them.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { DeviceInfo } from '@shared/contract'
import { devicesOf } from '@shared/devices'
import { useLabStore } from './lab'
import { useNoticesStore } from './notices'
import { useRunStore } from './run'
import { useRunsStore } from './runs'

export const useDevicesStore = defineStore('devices', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const runs = useRunsStore()
  const run = useRunStore()
  const doing = ref<'' | 'measuring' | 'looking'>('')

  const all = computed(() => lab.info?.devices ?? [])
  /** What a run takes that leaves the choice to the lab. */
  const best = computed(() => all.value.find((one) => one.isDefault) ?? null)
  /** The run that trains now: its device, and why there as far as this window has opened it. */
  const training = computed(() => {
    const summary = runs.training
    if (!summary) return null
    const file = run.view?.file
    const parts = file && file.id === summary.id ? devicesOf(file) : []
    return { engine: summary.engine, device: summary.device, why: parts[parts.length - 1]?.why ?? '' }
  })
  /** Where training happens, or would. */
  const current = computed(() => {
    const at = training.value
    return (at && all.value.find((one) => one.engine === at.engine && one.name === at.device)) ?? best.value
  })
  const isBusy = computed(() => doing.value !== '')

  async function asked(what: 'measuring' | 'looking', ask: () => Promise<DeviceInfo[]>): Promise<void> {
    if (isBusy.value) return
    doing.value = what
    const devices = await notices.attemptOnce('devices', ask)
    if (devices) lab.takeDevices(devices)
    doing.value = ''
  }

  const measure = () => asked('measuring', () => lab.calls.measureDevices())
  const lookAgain = () => asked('looking', () => lab.calls.lookForDevices())
  const forgive = ({ engine, name }: DeviceInfo) => asked('looking', () => lab.calls.forgiveDevice(engine, name))

  return { all, best, training, current, doing, isBusy, measure, lookAgain, forgive }
})
