// The report that is about to be saved: of which runs, with which options, and how its pages look.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { sentence, toLabErrorData, Unreachable } from '@shared/errors'
import { paperSizes, type ReportOptions } from '@shared/report-options'
import { pagesOf } from '../report-pages'
import { useLabStore } from './lab-store'
import { useScreenStore } from './screen-store'
import { useSettingsStore } from './settings-store'

/** From the last change until the pages are made: nobody wants those of half a word. */
const PAUSE_MILLISECONDS = 300

export const useReportStore = defineStore('report', () => {
  const lab = useLabStore()
  const screen = useScreenStore()
  const settings = useSettingsStore()
  const ids = shallowRef<readonly string[]>([])
  const options = ref<ReportOptions>({ ...settings.settings.report })
  /** Addresses of pictures of the pages; none before they are made. */
  const pages = shallowRef<readonly string[]>([])
  const isMaking = ref(false)
  const problem = ref('')
  const isOpen = computed(() => screen.dialog === 'report')
  let timer: ReturnType<typeof setTimeout> | undefined
  let newest = 0

  /** Opens the dialog for a run, or for several that are compared. */
  function choose(wanted: readonly string[]): void {
    ids.value = [...wanted]
    options.value = { ...settings.settings.report, parts: [...settings.settings.report.parts] }
    screen.dialog = 'report'
  }

  function show(svgs: readonly string[]): void {
    for (const page of pages.value) URL.revokeObjectURL(page)
    pages.value = svgs.map((svg) => URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' })))
  }

  async function make(): Promise<void> {
    const asked = ++newest
    isMaking.value = true
    try {
      const svg = await lab.calls.previewReport([...ids.value], { ...options.value })
      if (asked !== newest) return
      show(pagesOf(svg, paperSizes[options.value.paper].height))
      problem.value = ''
    } catch (thrown) {
      if (asked === newest && !(thrown instanceof Unreachable)) problem.value = sentence(toLabErrorData(thrown))
    }
    if (asked === newest) isMaking.value = false
  }

  watch(
    [isOpen, options],
    ([open], [wasOpen]) => {
      clearTimeout(timer)
      newest += 1
      if (!open) show([])
      else timer = setTimeout(() => void make(), wasOpen ? PAUSE_MILLISECONDS : 0)
    },
    { deep: true }
  )

  return { ids, options, pages, isMaking, problem, choose }
})
