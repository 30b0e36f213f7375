// The data sets as the window knows them, the adding of another and the removal of one.
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { DataProgress } from '@shared/contract'
import type { DatasetList, ImageChanges, Inspection, ListedDataset } from '@shared/dataset'
import { sentence, toLabErrorData } from '@shared/errors'
import { chosenInWords, type Chosen, type ChosenFile } from '../chosen-files'
import { sendFiles } from '../send-files'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'

export const useDatasetsStore = defineStore('datasets', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const list = shallowRef<DatasetList>({ datasets: [], takeable: [] })
  /** Whether the dialog that adds one is open, and the path in its field. */
  const adding = ref<{ path: string } | null>(null)
  /** The one whose removal is asked about. */
  const removing = shallowRef<ListedDataset | null>(null)
  const isReading = ref(false)
  /** Files on their way to the lab, or there until they are added; `control` ends the sending. */
  const sent = shallowRef<{ words: string; control: AbortController; id: string | null } | null>(null)
  const progress = shallowRef<DataProgress | null>(null)
  const inspection = shallowRef<Inspection | null>(null)
  /** Why the data could not be read, added or removed, as a sentence; empty where nothing is wrong. */
  const problem = ref('')

  const named = (name: string): ListedDataset | undefined => list.value.datasets.find((one) => one.name === name)

  async function readList(): Promise<void> {
    const read = await notices.attempt('data sets', () => lab.calls.listDatasets())
    if (read) list.value = read
  }

  const fail = (thrown: unknown) => {
    problem.value = sentence(toLabErrorData(thrown))
  }

  /** Undefined where it was refused, which `problem` says. */
  async function reading<T>(read: () => Promise<T>): Promise<T | undefined> {
    isReading.value = true
    problem.value = ''
    progress.value = null
    try {
      return await read()
    } catch (thrown) {
      fail(thrown)
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
    if (isReading.value) void cancel()
    giveUpSent()
    adding.value = null
  }

  /** Takes what was dropped or chosen into the dialog, which opens for it. */
  function take(chosen: Chosen | null): void {
    if (isReading.value) return
    if (chosen === null || 'path' in chosen) return open(chosen?.path)
    open()
    void sendAndInspect(chosen.files)
  }

  /** The same of what has yet to be read or asked for: nothing where there is nothing, the reason where it fails. */
  async function takeFrom(chosen: Promise<Chosen | null>): Promise<void> {
    try {
      const found = await chosen
      if (found) take(found)
    } catch (thrown) {
      fail(thrown)
    }
  }

  async function sendAndInspect(files: ChosenFile[]): Promise<void> {
    const control = new AbortController()
    const words = chosenInWords(files)
    giveUpSent()
    sent.value = { words, control, id: null }
    const { signal } = control
    const onProgress = (done: number, total: number) => (progress.value = { done, total })
    const arrived = await reading(() => sendFiles(lab.calls, files, { signal, onProgress }))
    if (!arrived || signal.aborted) {
      if (arrived) drop(arrived.id)
      if (sent.value?.control === control) sent.value = null
      return
    }
    sent.value = { words, control, id: arrived.id }
    await look(arrived.path)
    if (inspection.value === null) giveUpSent()
  }

  function giveUpSent(): void {
    sent.value?.control.abort()
    if (sent.value?.id) drop(sent.value.id)
    sent.value = null
  }

  /** Where the lab can't be reached it has noticed that this view is gone. */
  function drop(id: string): void {
    void lab.calls.dropUpload(id).catch(() => undefined)
  }

  async function look(path: string): Promise<void> {
    inspection.value = null
    inspection.value = (await reading(() => lab.calls.inspectData(path))) ?? null
  }

  async function inspect(path: string): Promise<void> {
    giveUpSent()
    await look(path)
  }

  /** The name of the new data set; undefined where it was refused. */
  async function add(path: string, name: string, changes: ImageChanges): Promise<string | undefined> {
    const added = await reading(() => lab.calls.addDataset({ path, name, changes }))
    return added?.name
  }

  /** Takes a well-known data set from where this computer has it. */
  async function takeWellKnown(): Promise<string | undefined> {
    const added = await reading(() => lab.calls.addDataset({ wellKnown: 'fashion-mnist', from: null }))
    return added?.name
  }

  function askToRemove(dataset: ListedDataset | null): void {
    problem.value = ''
    removing.value = dataset
  }

  /** Whether it is removed; else `problem` says why not. */
  async function remove(name: string): Promise<boolean> {
    const removed = await reading(() => lab.calls.removeDataset(name).then(() => true))
    return removed === true
  }

  async function cancel(): Promise<void> {
    const isSending = sent.value !== null && sent.value.id === null
    if (isSending) giveUpSent()
    else await lab.calls.cancelReading().catch(fail)
  }

  lab.on('datasetsChanged', (now) => (list.value = now))
  lab.on('dataProgress', (now) => (progress.value = now))
  lab.onOpen(() => void readList())

  return {
    list,
    adding,
    removing,
    isReading,
    sent,
    progress,
    inspection,
    problem,
    named,
    readList,
    open,
    close,
    take,
    takeFrom,
    inspect,
    add,
    takeWellKnown,
    askToRemove,
    remove,
    cancel
  }
})
