// The exports for other tools that are under way: how far each is, and its end before its time.
import { defineStore } from 'pinia'
import type { ExportedFile, ExportProgress, ExportRequest } from '@shared/exports'
import { host } from '../window-host'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'

/** Percent from one text to the next: each is read out. */
const STEP = 5

interface UnderWay {
  /** Of the files, in steps. */
  percent: number
  isGivenUp: boolean
}

export const useExportStore = defineStore('export', () => {
  const lab = useLabStore()
  const notices = useNoticesStore()
  /** By the run's id. */
  const underWay = new Map<string, UnderWay>()
  const subjectOf = (id: string) => `export ${id}`

  /** Makes the files and saves them as one; a notice tells how far it is, where they are, or why not. */
  async function save(id: string, request: ExportRequest): Promise<void> {
    if (underWay.has(id)) return
    const work: UnderWay = { percent: 0, isGivenUp: false }
    underWay.set(id, work)
    show(id, 'Making the files …')
    const saving = lab.calls.exportRun(id, request).then((file) => (work.isGivenUp ? null : saveFile(id, file)))
    host.askBeforeLeaving(saving)
    const path = await notices.attempt(subjectOf(id), () => saving)
    underWay.delete(id)
    tellEnd(subjectOf(id), path, work.isGivenUp)
  }

  function saveFile(id: string, { name, content }: ExportedFile): Promise<string | null> {
    notices.show({ subject: subjectOf(id), tone: 'info', text: 'Saving the export …', stays: true })
    return host.saveFile(name, content)
  }

  function tellEnd(subject: string, path: string | null | undefined, isGivenUp: boolean): void {
    if (path) notices.show({ subject, tone: 'info', text: `The export is saved: ${path}` })
    else if (isGivenUp) notices.show({ subject, tone: 'info', text: 'The export was cancelled. Nothing was saved.' })
    else if (notices.notices.some((one) => one.subject === subject && one.tone === 'info')) notices.dismiss(subject) // the lab has gone, which the window says elsewhere
  }

  async function cancel(id: string): Promise<void> {
    const work = underWay.get(id)
    if (!work) return
    work.isGivenUp = true
    await notices.attempt(`cancel ${subjectOf(id)}`, () => lab.calls.cancelExport(id))
  }

  function show(id: string, text: string): void {
    const actions = [{ label: 'Cancel', run: () => cancel(id) }]
    notices.show({ subject: subjectOf(id), tone: 'info', text, actions, stays: true })
  }

  lab.on('exportProgress', ({ id, done, total, name }: ExportProgress) => {
    const work = underWay.get(id)
    const percent = STEP * Math.floor((100 * done) / Math.max(1, total) / STEP)
    if (!work || work.isGivenUp || name === '' || percent === work.percent) return
    work.percent = percent
    show(id, `Making the files … ${done} of ${total} done, ${name} is next`)
  })

  return { save, cancel }
})
