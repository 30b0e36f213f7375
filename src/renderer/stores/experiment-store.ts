// The experiment that is being set up: what stands in the form, what is wrong with it, and where it shall train.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { DeviceInfo } from '@shared/contract'
import { presets, type Experiment } from '@shared/experiment'
import { nameOfCopy, suggestedName } from '@shared/experiment-name'
import { displayValue, formatValue, type HyperparameterKey, type HyperparameterValue } from '@shared/hyperparameters'
import { parseNumber } from '@shared/parse-number'
import { shortRunCommand } from '@shared/command-line'
import { presetOf } from '@shared/preset-of'
import {
  checkedFields,
  limitsOf,
  problemOfAdded,
  problemsOf,
  toExperiment,
  toForm,
  varying,
  type FormValues,
  type PresetName
} from './experiment-form'
import { useDatasetsStore } from './datasets-store'
import { useLabStore } from './lab-store'

export const useExperimentStore = defineStore('experiment', () => {
  const lab = useLabStore()
  const datasets = useDatasetsStore()
  const form = ref<FormValues>(toForm(presets.article, null))
  /** The preset that the values came from: what the command line and the name start with. */
  const base = ref<PresetName>('article')
  const customChosen = ref(false)
  /** Whether the form holds what a user has typed: it outlives the screen that shows it. */
  const isDraft = ref(false)
  const chosenDevice = ref<string | null>(null)

  /** The chosen data set, as far as it is known here. */
  const dataset = computed(() => {
    const { dataset: name } = form.value
    return datasets.named(name) ?? (lab.info?.dataset.name === name ? lab.info.dataset : undefined)
  })
  const limits = computed(() => limitsOf(form.value, dataset.value))
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

  /** Starts from the recipe that was asked for; else goes on with the draft, if there is one, or starts from the article's. */
  function openDraft(asked?: PresetName): void {
    if (asked || !isDraft.value) startFrom(asked ?? 'article')
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

  /** Trains on another data set: on all of its images where it was all of the former's, with codes of no more units than pixels. */
  function chooseDataset(name: string): void {
    const [before, now] = [dataset.value, datasets.named(name)]
    form.value.dataset = name
    if (!now) return
    const images = parseNumber(form.value.texts.trainLimit ?? '', 'whole')
    if (images === before?.trainCount || images > now.trainCount) {
      form.value.texts.trainLimit = displayValue('trainLimit', now.trainCount)
    }
    const batch = parseNumber(form.value.texts.batchSize ?? '', 'whole')
    if (batch > now.trainCount) form.value.texts.batchSize = displayValue('batchSize', now.trainCount)
    const { key, values } = form.value.varied
    if (key !== 'latentDim') return
    form.value.varied = { key, values: values.filter((units) => Number(units) <= now.rows * now.columns) }
  }

  /** Fills the form with another run's values, to be changed. */
  function copyOf(original: Experiment): void {
    customChosen.value = original.preset === 'custom'
    isDraft.value = true
    base.value = original.preset === 'custom' ? 'article' : original.preset
    form.value = toForm(original, nameOfCopy(original.name))
  }

  function vary(key: HyperparameterKey): void {
    form.value = varying(form.value, key, limits.value)
  }

  /** Takes the typed value over; what can't be used stays in the field, with its message. */
  function addValue(): void {
    if (!form.value.added.trim() || problemOfAdded(form.value, limits.value)) return
    form.value.varied = recipe.value.varied
    form.value.added = ''
  }

  /** Adds one of the names that the varied hyperparameter may have. */
  function addChoice(name: HyperparameterValue): void {
    const { key, values } = form.value.varied
    form.value.varied = { key, values: [...values, name] }
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
    dataset,
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
    chooseDataset,
    copyOf,
    vary,
    addValue,
    addChoice,
    removeValue,
    chooseDevice
  }
})
