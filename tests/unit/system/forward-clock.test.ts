import { expect, test } from 'vitest'
import { forwardClock } from '../../../src/main/system/forward-clock'

const HOUR = 3_600_000
const CREATED = '2026-11-30T10:00:00.000Z'
const created = Date.parse(CREATED)

/** What the clock says after an hour in which the time of day was set by `shift` and the machine slept so long. */
function afterAnHour({ shift = 0, slept = 0, began = created } = {}): string {
  let [day, elapsed] = [began, 5000]
  const clock = forwardClock(CREATED, { day: () => day, elapsed: () => elapsed })
  day += HOUR + slept + shift
  elapsed += HOUR
  return clock()
}

test('it follows the time of day, through sleep as well', () => {
  expect(afterAnHour()).toBe('2026-11-30T11:00:00.000Z')
  expect(afterAnHour({ slept: 5 * HOUR })).toBe('2026-11-30T16:00:00.000Z')
})

test('a time that was set back, before or during the run, does not put the end before the beginning', () => {
  expect(afterAnHour({ shift: -10 * HOUR })).toBe('2026-11-30T11:00:00.000Z')
  expect(afterAnHour({ began: created - 48 * HOUR })).toBe('2026-11-30T11:00:00.000Z')
})

test('a time that was set forward and then right does not put a later moment before an earlier one', () => {
  const days = [created, created + HOUR, created + 5000, created + 2 * HOUR]
  const clock = forwardClock(CREATED, { day: () => days.shift() as number, elapsed: () => 0 })
  expect([clock(), clock(), clock()]).toEqual([
    '2026-11-30T11:00:00.000Z',
    '2026-11-30T11:00:00.000Z',
    '2026-11-30T12:00:00.000Z'
  ])
})

test('what is no date does not count', () => {
  expect(forwardClock('yesterday', { day: () => created, elapsed: () => 0 })()).toBe(CREATED)
})
