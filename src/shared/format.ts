// Numbers, durations, sizes and dates as people read them: one spelling for window, command line and report.

const LOCALE = 'en-US'
/** Stands where there is no number. */
export const NO_VALUE = '–'
const words = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const months = 'January February March April May June July August September October November December'.split(' ')

/** `60,000`. */
export function formatCount(count: number): string {
  const whole = Math.round(count)
  if (!Number.isSafeInteger(whole)) return whole.toLocaleString(LOCALE)
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',') // to load the data of locales takes each command a moment
}

/** `six`; above twelve in digits. */
export function formatCountInWords(count: number): string {
  return words[count] ?? formatCount(count)
}

/** `1 epoch`, `50 epochs`. */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** The text with a capital letter at its beginning. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** Decimals of a loss below each limit, so that none is longer than six characters. */
const lossDecimals = [
  [10, 4],
  [100, 3],
  [1000, 2]
] as const

/** A loss or an error in at most six characters: `0.0682`, `27.772`, `5.81e5`; a dash where there is none (null, not a number). */
export function formatLoss(loss: number | null | undefined): string {
  if (loss === null || loss === undefined || !Number.isFinite(loss)) return NO_VALUE
  const texts = lossDecimals.map(([limit, decimals]) => ({ limit, text: loss.toFixed(decimals) }))
  return texts.find(({ limit, text }) => Math.abs(Number(text)) < limit)?.text ?? exponential(loss, 2)
}

/** A round loss at an axis: `0.20`, `50`, `2e4`. */
export function formatTick(value: number): string {
  if (Math.abs(value) >= 10_000) return exponential(Number(value.toPrecision(3)))
  return Math.abs(value) < 10 ? value.toFixed(2) : String(Number(value.toFixed(1)))
}

function exponential(value: number, decimals?: number): string {
  return value.toExponential(decimals).replace('e+', 'e')
}

/** A number with so many decimals; a dash where there is none (null, not a number). */
export function formatDecimals(value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NO_VALUE : value.toFixed(decimals)
}

/** A deviation as `format` writes it; one so small that this would be 0 with its first digit: `0.00003`. */
export function formatDeviation<Format extends (value: number) => string>(deviation: number, format: Format): string {
  const text = format(deviation)
  return deviation > 0 && !/[1-9]/.test(text) ? String(Number(deviation.toPrecision(1))) : text
}

/** A share from 0 to 1 as `74 %`, without decimals, `below 0 %` of a gap that has become wider; a dash where there is none (null, not a number). */
export function formatPercent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return NO_VALUE
  const percent = Math.round(100 * share)
  return percent < 0 ? 'below 0\u00a0%' : `${Math.abs(percent)}\u00a0%`
}

/** How many times smaller a code is than the pixels of its image: `24.5×`, `98×`. */
export function formatRatio(ratio: number): string {
  const decimals = ratio < 1 ? 2 : 1
  return `${Number(ratio.toFixed(decimals)).toLocaleString(LOCALE)}×`
}

/** Bytes in decimal units with two significant figures below a hundred: `8 B`, `6.4 MB`, `190 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  const rounded = power === 0 || value >= 10 ? Math.round(value) : Number(value.toFixed(1))
  return `${rounded.toLocaleString(LOCALE)} ${units[power]}`
}

/** `0.4 s`, `45 s`, `2 min 5 s`, `1 h 12 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${Number(Math.max(0, seconds).toFixed(1))} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return twoUnits(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(whole / 60)
  return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

/** A duration that is only guessed: rounded to what the guess is worth, `1 min 50 s`, `12 min`. */
export function formatEstimate(seconds: number): string {
  const grain = seconds < 10 ? 1 : seconds < 60 ? 5 : seconds < 600 ? 10 : seconds < 3600 ? 60 : 300
  return formatDuration(Math.max(1, Math.round(seconds / grain) * grain))
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** `13:31` in local time. */
function formatTime(date: Date): string {
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}

/** The day as a heading in local time: `Today`, `Yesterday`, `14 November`, `14 November 2023`. */
export function formatDay(date: Date, now = new Date()): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (sameDay(date, now)) return 'Today'
  if (sameDay(date, yesterday)) return 'Yesterday'
  return date.getFullYear() === now.getFullYear() ? formatDayAndMonth(date) : formatDate(date)
}

/** `14 November 2023` in local time. */
function formatDate(date: Date): string {
  return `${formatDayAndMonth(date)} ${date.getFullYear()}`
}

/** `14 November 2023` in UTC. */
export function formatDateUtc(date: Date): string {
  return formatDate(new Date(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()))
}

/** `today 13:31`, `14 November 09:05`: a moment within a sentence, local time. */
export function formatMoment(date: Date, now = new Date()): string {
  const day = formatDay(date, now)
  const named = day === 'Today' || day === 'Yesterday'
  return `${named ? day.toLowerCase() : day} ${formatTime(date)}`
}

function formatDayAndMonth(date: Date): string {
  return `${date.getDate()} ${months[date.getMonth()] ?? ''}`
}

function sameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString()
}

const deviceNames: Record<string, string> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  tensorflow: 'TensorFlow',
  cuda: 'CUDA',
  dml: 'DirectML'
}

/** A device's short name for people: `CPU`, `WebGPU`, `TensorFlow CPU`; the first engine's name is left out, `CUDA` of `onnxruntime cuda`. */
export function deviceLabel(device: string): string {
  const name = device.replace('onnxruntime ', '').replace('tensorflow ', 'tensorflow-').split(/:| · /)[0] ?? device
  const parts = name.split('-').map((part) => deviceNames[part.toLowerCase()])
  return parts.every((part) => part !== undefined) ? parts.join(' ') : name
}

/** What a user has called something, within a sentence. */
export function quoted(name: string): string {
  return `“${name}”`
}
