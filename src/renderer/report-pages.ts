// The pages of a report, which come as one SVG file, as pictures of their own: no browser draws one that is as high as all of them.

/** The same SVG once a page, each showing its page alone; `height` is a page's, in the units of the file. */
export function pagesOf(svg: string, height: number): string[] {
  const head = /<svg [^>]*>/.exec(svg)?.[0] ?? ''
  const [, width = 0, all = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(head) ?? []).map(Number)
  const body = svg.slice(head.length)
  return Array.from({ length: Math.max(1, Math.round(all / height)) }, (_, page) => {
    const shown = {
      viewBox: `0 ${(page * height).toFixed(2)} ${width} ${height}`,
      width: `${width}`,
      height: `${height}`
    }
    return (
      Object.entries(shown).reduce(
        (text, [name, value]) => text.replace(new RegExp(`${name}="[^"]*"`), `${name}="${value}"`),
        head
      ) + body
    )
  })
}
