// The experiment that is being set up: what stands in the form, what is wrong with it, and where it shall train.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { DeviceInfo } from '@shared/contract'
import { presets, type EngineName, type Experiment } from '@shared/experiment'
import { parseNumber } from '@shared/parse-number'
import { shortRunCommand } from '@shared/run-command'
import {
  checkedFields,
  presetOf,
  problemOfDim,
  problemsOf,
  suggestedName,
  toExperiment,
  toForm,
  type FormValues,
  type PresetName
} from './experiment-form'
import { useLabStore } from './lab'

export const useExperimentStore = defineStore('experiment', () => {
  const lab = useLabStore()
  const form = ref<FormValues>(toForm(presets.article, null))
  /** The preset that the values came from: what the command line and the name start with. */
  const base = ref<PresetName>('article')
  const customChosen = ref(false)
  /** Whether the form holds what a user has begun: it outlives the screen that shows it. */
  const isDraft = ref(false)
  const chosenDevice = ref<{ engine: EngineName; name: string } | null>(null)

  const preset = computed<Experiment['preset']>(() => (customChosen.value ? 'custom' : presetOf(form.value)))
  const name = computed(() => form.value.name ?? suggestedName(form.value, base.value))
  const problems = computed(() => problemsOf(form.value, name.value))
  const toMend = computed(() => checkedFields.filter((field) => problems.value[field] !== undefined))
  /** The device that the user chose, while it can be used; null: the lab chooses. */
  const chosen = computed<DeviceInfo | null>(() => {
    const wanted = chosenDevice.value
    const found = lab.info?.devices.find((one) => one.engine === wanted?.engine && one.name === wanted.name)
    return found?.usable ? found : null
  })
  const engine = computed(() => chosen.value?.engine ?? null)
  const device = computed(() => chosen.value?.name ?? null)
  /** Where it would train now. */
  const place = computed<DeviceInfo | null>(() => chosen.value ?? lab.device)
  /** Null while a value can't be used. */
  const experiment = computed<Experiment | null>(() =>
    toMend.value.length > 0 ? null : toExperiment(form.value, name.value, preset.value)
  )
  /** The command line that starts the same, with a memory budget where one makes a difference; null while a value can't be used. */
  function commandWithin(memoryBudget: number | null): string | null {
    if (!experiment.value) return null
    const place = { engine: engine.value, device: device.value, memoryBudget }
    return shortRunCommand({ experiment: experiment.value, ...place }, base.value)
  }

  /** Goes on with the draft, if there is one; else begins with the article's recipe. */
  function openDraft(): void {
    if (!isDraft.value) startFrom('article')
    isDraft.value = true
  }

  /** Forgets what was typed: it was started, or cancelled. */
  function discard(): void {
    isDraft.value = false
    startFrom('article')
  }

  function startFrom(chosen: Experiment['preset']): void {
    customChosen.value = chosen === 'custom'
    if (chosen === 'custom') return
    base.value = chosen
    form.value = toForm(presets[chosen], null)
  }

  /** Fills the form with another run's values, to be changed. */
  function copyOf(original: Experiment): void {
    customChosen.value = original.preset === 'custom'
    isDraft.value = true
    base.value = original.preset === 'keras-blog' ? 'keras-blog' : 'article'
    form.value = toForm(original, `${original.name.slice(0, 72)}, again`)
  }

  /** Takes the typed dimension over; what can't be used stays in the field, with its message. */
  function addDim(): void {
    const { addedDim, latentDims } = form.value
    if (!addedDim.trim() || problemOfDim(addedDim, latentDims)) return
    form.value.latentDims = [...latentDims, parseNumber(addedDim)].sort((a, b) => a - b)
    form.value.addedDim = ''
  }

  function removeDim(dim: number): void {
    form.value.latentDims = form.value.latentDims.filter((other) => other !== dim)
  }

  /** Null leaves the choice to the lab. */
  function chooseDevice(wanted: Pick<DeviceInfo, 'engine' | 'name'> | null): void {
    chosenDevice.value = wanted && { engine: wanted.engine, name: wanted.name }
  }

  return {
    form,
    base,
    preset,
    name,
    problems,
    toMend,
    chosen,
    engine,
    device,
    place,
    experiment,
    commandWithin,
    openDraft,
    discard,
    startFrom,
    copyOf,
    addDim,
    removeDim,
    chooseDevice
  }
})
