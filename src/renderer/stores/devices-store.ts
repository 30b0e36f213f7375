// The devices as the window shows them: all, the one that trains now or would, and what the user asks of them.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { DeviceInfo } from '@shared/contract'
import { lastSegment } from '@shared/devices'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'
import { useRunStore } from './run-store'
import { useRunsStore } from './runs-store'

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
    return { device: summary.device, why: file?.id === summary.id ? lastSegment(file).why : '' }
  })
  /** Where training happens, or would. */
  const current = computed(() => all.value.find((one) => one.name === training.value?.device) ?? best.value)
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

  return { all, best, training, current, doing, isBusy, measure, lookAgain }
})
