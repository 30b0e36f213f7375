// The digits of the open run's epochs: kept as they come, fetched by ranges, and told of where they don't.
import { ref, shallowRef, type Ref } from 'vue'
import type { DigitHistory, DigitsArrived, EpochEnded } from '@shared/contract'
import { sentence, toLabErrorData, Unreachable } from '@shared/errors'
import { createDigitCache } from './digit-cache'
import { useLabStore } from './lab-store'
import { useNoticesStore } from './notices-store'

/** Epochs fetched together when one that is not here is wanted. */
const RANGE = 16
/** Subjects of the notices about digits that are not there, and about those that could not be read. */
const MISSING = 'missing digits'
const UNREAD = 'unread digits'

/** Of the run `id`, which has `lastEpoch` complete epochs; without its data set, nothing is known of epoch 0. */
export function createRunDigits(
  id: Readonly<Ref<string | null>>,
  lastEpoch: Readonly<Ref<number>>,
  hasData: Readonly<Ref<boolean>>
) {
  const lab = useLabStore()
  const notices = useNoticesStore()
  const arrived = ref(0)
  /** The newest of the epoch under way; null before the first have come, and from its end on. */
  const fresh = shallowRef<DigitsArrived | null>(null)
  const cache = createDigitCache()
  /** Ranges under way, as `id first last`. */
  const asked = new Set<string>()
  /** First epochs of ranges that hold a damaged one: it must not take the others with it. */
  const damaged = new Set<number>()
  /** Epochs that came back without digits: not asked for again before the run is read anew. */
  const missing = new Set<number>()
  let hasReportedMissing = false

  function clear(): void {
    hasReportedMissing = false
    notices.dismiss(MISSING)
    cache.clear()
    fresh.value = null
    askForMissing()
  }

  /** Digits of an epoch under way; those of one that has ended come too late. */
  function putFresh(digits: DigitsArrived): void {
    if (digits.epoch > lastEpoch.value) fresh.value = digits
  }

  function put({ epoch, digits: pixels }: EpochEnded): void {
    cache.put(epoch, pixels)
    if (fresh.value && fresh.value.epoch <= epoch) fresh.value = null
    missing.delete(epoch)
    arrived.value++
  }

  /** Reconstructions after an epoch, 0 being before the first step: [models × 20 × pixels of an image] uint8; null until they are here, and then asks for them. */
  function get(epoch: number): Uint8Array | null {
    void arrived.value // makes a computed that asked in vain run again
    if (epoch < 0 || epoch > lastEpoch.value || (epoch === 0 && !hasData.value)) return null
    const pixels = cache.get(epoch)
    if (!pixels && !missing.has(epoch)) void fetchFor(epoch)
    return pixels
  }

  /** Epoch 0 by itself: it lies in no file, and is there while the run waits. */
  function fetchFor(epoch: number): Promise<void> {
    if (epoch === 0) return fetchRange(0, 0)
    const first = epoch - ((epoch - 1) % RANGE)
    return damaged.has(first)
      ? fetchRange(epoch, epoch)
      : fetchRange(first, Math.min(first + RANGE - 1, lastEpoch.value))
  }

  async function fetchRange(first: number, last: number): Promise<void> {
    const wanted = id.value
    const range = `${wanted} ${first} ${last}`
    if (!wanted || asked.has(range)) return
    asked.add(range)
    try {
      const history = await lab.calls.readDigits(wanted, first, last)
      if (id.value === wanted) takeRange(history, first, last)
    } catch (thrown) {
      if (id.value === wanted) failRange(first, last, thrown)
    } finally {
      asked.delete(range)
    }
  }

  function takeRange(history: DigitHistory, first: number, last: number): void {
    cache.putHistory(history)
    const isShort = noteMissing(first, last)
    if (isShort && !hasReportedMissing) {
      hasReportedMissing = true
      notices.show({
        subject: MISSING,
        tone: 'warn',
        text: 'The images of some epochs are missing from the run’s folder. Losses and charts are complete.',
        isOfScreen: true
      })
    }
    arrived.value++
  }

  function failRange(first: number, last: number, thrown: unknown): void {
    const error = toLabErrorData(thrown)
    if (error.kind === 'bad-file' && first < last) {
      damaged.add(first)
      arrived.value++ // whoever looks at one of them asks for it alone
      return
    }
    noteMissing(first, last)
    if (thrown instanceof Unreachable) return // a new connection asks again
    const again = { label: 'Try again', run: askForMissing }
    notices.show({ subject: UNREAD, tone: 'danger', text: sentence(error), actions: [again], isOfScreen: true })
  }

  /** Remembers which epochs of a range did not come; answers whether there are any. */
  function noteMissing(first: number, last: number): boolean {
    const absent: number[] = []
    for (let epoch = first; epoch <= last; epoch++) if (!cache.get(epoch)) absent.push(epoch)
    for (const epoch of absent) missing.add(epoch)
    return absent.length > 0
  }

  /** Lets what did not come be asked for once more, by whoever looks at it. */
  function askForMissing(): void {
    missing.clear()
    damaged.clear()
    notices.dismiss(UNREAD)
    arrived.value++
  }

  return { get, put, fresh, putFresh, clear, askForMissing }
}
