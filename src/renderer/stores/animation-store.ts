// The animation that is about to be saved: of which run, how it is to be, and how far its file is.
import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { LabError, sentence, toLabErrorData, Unreachable } from '@shared/errors'
import { evenly } from '@shared/evenly'
import { epochsDone, type RunView } from '@shared/run'
import { seriesOf } from '@shared/series'
import { encodeAnimation, type AnimationFormat } from '../animation/encode'
import { createEpochDigits, type EpochDigits } from '../animation/epoch-digits'
import { createFramePainter, loadFonts } from '../animation/frame-painter'
import { allSeconds, frameEpochs, leastStep, type FrameWidth } from '../animation/frames'
import { openGifSink } from '../animation/gif-sink'
import { paperColours, type ShownRun } from '../run-gallery'
import { COLUMNS } from '../components/probes'
import { useLabStore } from './lab-store'
import { createRunProbes } from './run-probes'
import { useScreenStore } from './screen-store'

/** Rows of images, at most: more can't be told apart in a frame. */
const MOST_ROWS = 24

/** What is animated, as it stood when the dialog was opened. */
interface Animated {
  view: RunView
  run: Omit<ShownRun, 'first'>
  digits: EpochDigits
  firstEpoch: number
  lastEpoch: number
}

export const useAnimationStore = defineStore('animation', () => {
  const lab = useLabStore()
  const screen = useScreenStore()
  const probesOf = createRunProbes(lab.calls)
  const animated = shallowRef<Animated | null>(null)
  const problem = ref('')
  /** How it is to be; kept while the window is open. */
  const options = reactive({
    format: 'gif' as AnimationFormat,
    width: 960 as FrameWidth,
    rate: 8,
    /** What is wished for; `step` holds. */
    step: 1,
    set: 'first' as 'first' | 'classes'
  })
  /** Epochs without a frame, as their images turn out not to be kept. */
  const missing = shallowRef<ReadonlySet<number>>(new Set())
  /** Frames that are done and the file's bytes so far; null while no file is made. */
  const progress = shallowRef<{ frames: number; bytes: number } | null>(null)
  let making: AbortController | null = null
  /** Of several runs that were asked for, the last one counts; none once the dialog has closed. */
  let asked = 0

  const smallestStep = computed(() =>
    animated.value ? leastStep(animated.value.firstEpoch, animated.value.lastEpoch) : 1
  )
  /** Epochs from frame to frame: as wished for, within what this run allows. */
  const step = computed(() =>
    Math.max(smallestStep.value, Math.min(options.step, animated.value?.lastEpoch ?? options.step))
  )
  const epochs = computed(() => {
    if (!animated.value) return []
    const { firstEpoch, lastEpoch } = animated.value
    return frameEpochs(firstEpoch, lastEpoch, step.value)
  })
  /** Frames that the file has, as far as is known. */
  const frames = computed(() => epochs.value.filter((epoch) => !missing.value.has(epoch)).length)
  const seconds = computed(() => allSeconds(frames.value, options.rate, options.format))
  /** Series without a row of images: there is room for so many. */
  const leftOut = computed(() =>
    animated.value ? animated.value.run.series.length - animated.value.run.shown.length : 0
  )

  /** Opens the dialog for a run. */
  function choose(id: string): void {
    screen.dialogRun = id
    screen.dialog = 'animation'
    void open(id)
  }

  async function open(id: string): Promise<void> {
    const own = ++asked
    animated.value = null
    missing.value = new Set()
    problem.value = ''
    try {
      const view = await lab.calls.openRun(id)
      const [probes] = await Promise.all([probesOf(view), loadFonts()])
      if (own !== asked) return
      if (!probes) throw new LabError('not-found', 'The data set that the run was trained on is not here')
      const { file } = view
      const series = seriesOf(file)
      const lastEpoch = epochsDone(file)
      animated.value = {
        view,
        run: { file, series, shown: evenly(series, MOST_ROWS), probes },
        digits: noting(createEpochDigits(lab.calls, file, lastEpoch)),
        firstEpoch: 0,
        lastEpoch
      }
    } catch (thrown) {
      if (own === asked && !(thrown instanceof Unreachable)) problem.value = sentence(toLabErrorData(thrown))
    }
  }

  /** The same images; which are missing is kept. */
  function noting(digits: EpochDigits): EpochDigits {
    const own = asked
    return async (epoch) => {
      const found = await digits(epoch)
      if (!found && own === asked) missing.value = new Set([...missing.value, epoch])
      return found
    }
  }

  /** Draws frames of so many pixels across; null before the run is here. */
  function painterOf(width: number) {
    if (!animated.value) return null
    const { run, lastEpoch } = animated.value
    return createFramePainter({ ...run, first: options.set === 'first' ? 0 : COLUMNS }, lastEpoch, width)
  }

  /** Makes the file; null where it was given up or failed, which `problem` says then. */
  async function make(): Promise<Uint8Array | null> {
    const painter = painterOf(options.width)
    if (!animated.value || !painter || making) return null
    const { run, digits } = animated.value
    const { format, rate } = options
    const own = (making = new AbortController())
    const { signal } = own
    problem.value = ''
    progress.value = { frames: 0, bytes: 0 }
    try {
      return await encodeAnimation({
        ...{ painter, epochs: epochs.value, digits, rate, format, signal },
        onProgress(frames, bytes) {
          if (making === own) progress.value = { frames, bytes }
        },
        async openSink(canvas) {
          if (format === 'gif') return openGifSink(painter.width, painter.height, paperColours(run.file, run.series))
          const { openWebmSink } = await import('../animation/webm-sink')
          return openWebmSink(canvas)
        }
      })
    } catch (thrown) {
      if (!signal.aborted) problem.value = sentence(toLabErrorData(thrown))
      return null
    } finally {
      if (making === own) making = progress.value = null
    }
  }

  const cancel = () => making?.abort()

  watch(
    () => screen.dialog === 'animation',
    (isOpen) => {
      if (isOpen) return
      asked += 1
      cancel()
      making = animated.value = progress.value = null
    },
    { flush: 'sync' } // before what is under way can end
  )

  return {
    animated,
    problem,
    options,
    progress,
    smallestStep,
    step,
    epochs,
    frames,
    seconds,
    leftOut,
    choose,
    painterOf,
    make,
    cancel
  }
})
