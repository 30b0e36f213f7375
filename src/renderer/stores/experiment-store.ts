// The experiment that is being set up: what stands in the form, what is wrong with it, and where it shall train.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { DeviceInfo } from '@shared/contract'
import { presets, type Experiment } from '@shared/experiment'
import { nameOfCopy, suggestedName } from '@shared/experiment-name'
import { formatValue, type HyperparameterValue } from '@shared/hyperparameters'
import { shortRunCommand } from '@shared/command-line'
import { presetOf } from '@shared/preset-of'
import {
  checkedFields,
  limitsOf,
  problemOfAdded,
  problemsOf,
  toExperiment,
  toForm,
  type FormValues,
  type PresetName
} from './experiment-form'
import { useLabStore } from './lab-store'

export const useExperimentStore = defineStore('experiment', () => {
  const lab = useLabStore()
  const form = ref<FormValues>(toForm(presets.article, null))
  /** The preset that the values came from: what the command line and the name start with. */
  const base = ref<PresetName>('article')
  const customChosen = ref(false)
  /** Whether the form holds what a user has typed: it outlives the screen that shows it. */
  const isDraft = ref(false)
  const chosenDevice = ref<string | null>(null)

  const limits = computed(() => limitsOf(form.value, lab.info?.dataset))
  const recipe = computed(() => toExperiment(form.value, base.value))
  const preset = computed<Experiment['preset']>(() => (customChosen.value ? 'custom' : presetOf(recipe.value)))
  const name = computed(() => form.value.name ?? suggestedName(recipe.value, base.value))
  const problems = computed(() => problemsOf(form.value, name.value, limits.value))
  const toFix = computed(() => checkedFields(form.value).filter((field) => problems.value[field] !== undefined))
  /** The device that the user chose, while it can be used; null: the lab chooses. */
  const chosen = computed<DeviceInfo | null>(() => {
    const found = lab.info?.devices.find((one) => one.name === chosenDevice.value)
    return found?.usable ? found : null
  })
  const device = computed(() => chosen.value?.name ?? null)
  /** Where it would train now. */
  const currentDevice = computed<DeviceInfo | null>(() => chosen.value ?? lab.device)
  /** What the form describes, with the preset's value where a typed one can't be used. */
  const draft = computed<Experiment>(() => ({ ...recipe.value, name: name.value.trim(), preset: preset.value }))
  /** Null while a value can't be used. */
  const experiment = computed<Experiment | null>(() => (toFix.value.length > 0 ? null : draft.value))
  /** The command line that starts the same; null while a value can't be used. */
  const command = computed(() =>
    experiment.value
      ? shortRunCommand({ experiment: experiment.value, device: device.value }, base.value, lab.info?.program)
      : null
  )

  /** Goes on with the draft, if there is one; else starts from the article's recipe. */
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
    form.value = toForm(original, nameOfCopy(original.name))
  }

  /** Takes the typed value over; what can't be used stays in the field, with its message. */
  function addValue(): void {
    if (!form.value.added.trim() || problemOfAdded(form.value, limits.value)) return
    form.value.varied = recipe.value.varied
    form.value.added = ''
  }

  function removeValue(value: HyperparameterValue): void {
    const { key, values } = form.value.varied
    form.value.varied = { key, values: values.filter((other) => formatValue(key, other) !== formatValue(key, value)) }
  }

  /** Null leaves the choice to the lab. */
  function chooseDevice(wanted: string | null): void {
    chosenDevice.value = wanted
  }

  return {
    form,
    preset,
    name,
    problems,
    toFix,
    chosen,
    device,
    currentDevice,
    draft,
    experiment,
    command,
    openDraft,
    discard,
    startFrom,
    copyOf,
    addValue,
    removeValue,
    chooseDevice
  }
})
