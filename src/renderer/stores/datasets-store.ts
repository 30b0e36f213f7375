// The data sets as the window knows them, and the adding of another.
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { DataProgress } from '@shared/contract'
import type { DatasetList, ImageChanges, Inspection, ListedDataset } from '@shared/dataset'
import { sentence, toLabErrorData } from '@shared/errors'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'

export const useDatasetsStore = defineStore('datasets', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const list = shallowRef<DatasetList>({ datasets: [], takeable: [] })
  /** Whether the dialog that adds one is open, and the path it begins with. */
  const adding = ref<{ path: string } | null>(null)
  const isReading = ref(false)
  const progress = shallowRef<DataProgress | null>(null)
  const inspection = shallowRef<Inspection | null>(null)
  /** Why the data could not be read or added, as a sentence; empty where nothing is wrong. */
  const problem = ref('')

  const named = (name: string): ListedDataset | undefined => list.value.datasets.find((one) => one.name === name)

  async function readList(): Promise<void> {
    const read = await notices.attempt('data sets', () => lab.calls.listDatasets())
    if (read) list.value = read
  }

  /** Undefined where it was refused, which `problem` says. */
  async function reading<T>(read: () => Promise<T>): Promise<T | undefined> {
    isReading.value = true
    problem.value = ''
    progress.value = null
    try {
      return await read()
    } catch (thrown) {
      problem.value = sentence(toLabErrorData(thrown))
      return undefined
    } finally {
      isReading.value = false
    }
  }

  function open(path = ''): void {
    adding.value = { path }
    inspection.value = null
    problem.value = ''
    if (path) void inspect(path)
  }

  function close(): void {
    if (isReading.value) void lab.calls.cancelReading()
    adding.value = null
  }

  async function inspect(path: string): Promise<void> {
    inspection.value = null
    inspection.value = (await reading(() => lab.calls.inspectData(path))) ?? null
  }

  /** The name of the new data set; undefined where it was refused. */
  async function add(path: string, name: string, changes: ImageChanges): Promise<string | undefined> {
    const added = await reading(() => lab.calls.addDataset({ path, name, changes }))
    return added?.name
  }

  /** Takes a well-known data set from where this computer has it. */
  async function take(): Promise<string | undefined> {
    const added = await reading(() => lab.calls.addDataset({ wellKnown: 'fashion-mnist', from: null }))
    return added?.name
  }

  const cancel = () => lab.calls.cancelReading()

  lab.on('datasetsChanged', (now) => (list.value = now))
  lab.on('dataProgress', (now) => (progress.value = now))
  lab.onOpen(() => void readList())

  return {
    list,
    adding,
    isReading,
    progress,
    inspection,
    problem,
    named,
    readList,
    open,
    close,
    inspect,
    add,
    take,
    cancel
  }
})
