// Shortens a text where there is no room for all of it, so that one sees that something is missing and no character is halved.

/** At most `longest` UTF-16 units: whole characters as a reader counts them (an emoji of several code points is one), `…` at the end where some are left out. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text
  let end = 0
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    if (index + segment.length > longest - 1) break
    end = index + segment.length
  }
  return `${text.slice(0, end).trimEnd()}…`
}
