// What becomes of a figure: a file in the chosen format, or a picture on the clipboard. Failures become notices.
import { BYTE_ORDER_MARK } from '@shared/csv'
import { cutText } from '@shared/cut-text'
import { MOST_TITLE_CHARACTERS, type FigureFormat } from '@shared/figure-options'
import { fileName } from '../file-name'
import { sendFiles } from '../send-files'
import { useLabStore } from '../stores/lab-store'
import { useNoticesStore } from '../stores/notices-store'
import { useSettingsStore } from '../stores/settings-store'
import { host } from '../window-host'
import { useFigureStore } from './figure-store'
import { pngOf } from './svg-to-png'

const LONGEST_STEM = 120

export function useSaveFigure() {
  const figure = useFigureStore()
  const lab = useLabStore()
  const notices = useNoticesStore()
  const settings = useSettingsStore()

  /** The picture that is shown; asks for what it needs at once, as the dialog may close. */
  function png(): Promise<Uint8Array> {
    const { svg, pixels, options } = figure
    return pngOf(svg ?? '', pixels ?? { width: 0, height: 0 }, options.resolution)
  }

  const contents: Record<FigureFormat, () => Promise<Uint8Array> | Uint8Array> = {
    png,
    svg: () => new TextEncoder().encode(figure.svg ?? ''),
    pdf: () => pdfOf(figure.svg ?? '', figure.source?.title ?? ''),
    csv: () => new TextEncoder().encode(`${BYTE_ORDER_MARK}${figure.source?.csv?.() ?? ''}`)
  }

  async function pdfOf(svg: string, title: string): Promise<Uint8Array> {
    const files = [{ path: 'figure.svg', file: new File([svg], 'figure.svg') }]
    const { id } = await sendFiles(lab.calls, files)
    return lab.calls.figurePdf(id, cutText(title, MOST_TITLE_CHARACTERS))
  }

  /** The options hold for the next figure too. Answers whether it is saved, or the user decided otherwise. */
  async function save(): Promise<boolean> {
    const { source, options } = figure
    if (!source) return false
    const { format } = options
    void settings.setFigure({ ...options })
    const stem = [...fileName(source.stem)].slice(0, LONGEST_STEM).join('').trim()
    const saving = Promise.resolve() // what throws on the way is a failure to save
      .then(() => contents[format]())
      .then((bytes) => host.saveFile(`${stem}.${format}`, bytes))
    host.askBeforeLeaving(saving)
    const path = await notices.attemptOnce('figure', () => saving)
    if (path) notices.show({ subject: 'figure', tone: 'info', text: `The figure is saved: ${path}` })
    return path !== undefined
  }

  async function copy(): Promise<boolean> {
    void settings.setFigure({ ...figure.options })
    const copied = await notices.attemptOnce('figure', () => host.copyPicture(png()).then(() => true))
    if (copied) notices.show({ subject: 'figure', tone: 'info', text: 'The picture is copied.' })
    return copied === true
  }

  return { save, copy }
}
