// Plays the epochs one after another at a pace that is remembered.
import { ref } from 'vue'

/** Epochs a second that are offered. */
export const paces = [1, 2, 5, 8, 10, 20] as const
export type Pace = (typeof paces)[number]

const USUAL: Pace = 8
const REMEMBERED = 'bottleneck-lab-pace'

/** `advance` shows the next epoch and answers whether another one follows. */
export function createPlayer(advance: () => boolean) {
  const playing = ref(false)
  const pace = ref<Pace>(rememberedPace())
  let timer: ReturnType<typeof setInterval> | undefined

  function start(): void {
    playing.value = true
    clearInterval(timer)
    timer = setInterval(() => {
      if (!advance()) pause()
    }, 1000 / pace.value)
  }

  function pause(): void {
    playing.value = false
    clearInterval(timer)
  }

  /** From the next epoch on, if it plays. */
  function setPace(wanted: Pace): void {
    pace.value = wanted
    remember(wanted)
    if (playing.value) start()
  }

  return { playing, pace, start, pause, setPace }
}

function rememberedPace(): Pace {
  try {
    const text = localStorage.getItem(REMEMBERED)
    return paces.find((pace) => String(pace) === text) ?? USUAL
  } catch {
    return USUAL // a page that may store nothing
  }
}

function remember(pace: Pace): void {
  try {
    localStorage.setItem(REMEMBERED, String(pace))
  } catch {
    // it holds until the page is closed
  }
}
