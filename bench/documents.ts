// Puts printed text between the markers of a document, so that its figures are those of a command.

/** `<!-- bench NAME -->` … `<!-- end -->`, what stands between replaced by `text` as a code block. Throws where there is no such place. */
export function replaceBlock(document: string, name: string, text: string): string {
  const start = `<!-- bench ${name} -->`
  const from = document.indexOf(start)
  const to = document.indexOf('<!-- end -->', from)
  if (from < 0 || to < 0) throw new Error(`the document has no block ${name}`)
  return `${document.slice(0, from)}${start}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n\n${document.slice(to)}`
}
