// What is looked at among the codes of the test images: shared by both planes, and kept while other tabs are looked at.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { FADED, HIDDEN, PLAIN, type Look } from '../views/latent/point-layer'
import { useModelsStore } from './models-store'
import { onOtherData } from './other-data'
import { useRunStore } from './run-store'

export const latentParts = ['map', 'morph', 'grid', 'units'] as const
export type LatentPart = (typeof latentParts)[number]
/** How codes wider than a plane are brought into it. */
export type PlaneKind = 'pca' | 'umap'
export type Tool = 'decode' | 'lasso' | 'pan'

export const useLatentStore = defineStore('latent', () => {
  const run = useRunStore()
  const models = useModelsStore()
  const part = ref<LatentPart>('map')
  const look = ref<Look>('dots')
  const tool = ref<Tool>('decode')
  /** Ranks of the series at the left and at the right; null: the first and the last on show. */
  const chosen = ref<[number | null, number | null]>([null, null])
  /** Of the plane at the left and the one at the right. */
  const planes = ref<[PlaneKind, PlaneKind]>(['pca', 'pca'])
  const hiddenClasses = shallowRef<ReadonlySet<number>>(new Set())
  /** Indices of test images, ascending; empty: none is selected. */
  const selected = shallowRef<readonly number[]>([])
  /** The test image under the pointer, and the one that was chosen by its number or a click. */
  const hovered = ref<number | null>(null)
  const pinned = ref(0)
  const pinnedTo = ref(1)

  const labels = computed(() => models.images?.labels ?? new Uint8Array())
  const shownDigit = computed(() => hovered.value ?? pinned.value)
  /** How many test images there are of each class, and how many of them are selected. */
  const classes = computed(() => {
    const counts: { label: number; count: number; selected: number }[] = []
    labels.value.forEach((label) => {
      for (let next = counts.length; next <= label; next++) counts.push({ label: next, count: 0, selected: 0 })
      const entry = counts[label]
      if (entry) entry.count++
    })
    for (const index of selected.value) {
      const entry = counts[labels.value[index] ?? 0]
      if (entry) entry.selected++
    }
    return counts
  })
  /** What is drawn of each test image. */
  const states = computed(() => {
    const values = new Uint8Array(labels.value.length).fill(selected.value.length > 0 ? FADED : PLAIN)
    for (const index of selected.value) values[index] = PLAIN
    if (hiddenClasses.value.size > 0) {
      labels.value.forEach((label, index) => {
        if (hiddenClasses.value.has(label)) values[index] = HIDDEN
      })
    }
    return values
  })

  function toggleClass(label: number): void {
    const next = new Set(hiddenClasses.value)
    if (!next.delete(label)) next.add(label)
    hiddenClasses.value = next
  }

  /** Shows this class alone, or all where it is alone already. */
  function showAlone(label: number): void {
    const others = classes.value.flatMap((entry) => (entry.label === label ? [] : [entry.label]))
    const isAlone = others.every((one) => hiddenClasses.value.has(one)) && !hiddenClasses.value.has(label)
    hiddenClasses.value = new Set(isAlone ? [] : others)
  }

  /** Selects those of the test images that are shown. */
  function select(indices: readonly number[]): void {
    selected.value = indices.filter((index) => !hiddenClasses.value.has(labels.value[index] ?? 0))
  }

  const selectShown = () => select([...labels.value.keys()])

  onOtherData(run, () => {
    pinned.value = 0
    pinnedTo.value = 1
    hiddenClasses.value = new Set()
  })
  watch(
    () => run.id,
    () => {
      chosen.value = [null, null]
      selected.value = []
      hovered.value = null
    }
  )

  return {
    part,
    look,
    tool,
    chosen,
    planes,
    hiddenClasses,
    selected,
    hovered,
    pinned,
    pinnedTo,
    labels,
    shownDigit,
    classes,
    states,
    toggleClass,
    showAlone,
    select,
    selectShown
  }
})
