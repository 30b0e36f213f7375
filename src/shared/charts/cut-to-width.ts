/** As much of a text as is no wider than `room`, with an ellipsis where that is not all of it; empty where not one letter has room. */
export function cutToWidth(text: string, room: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= room) return text
  const letters = [...text]
  const first = (count: number) => `${letters.slice(0, count).join('').trimEnd()}…`
  let [fits, tooMany] = [0, letters.length]
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (widthOf(first(middle)) <= room) fits = middle
    else tooMany = middle
  }
  return fits === 0 ? '' : first(fits)
}
