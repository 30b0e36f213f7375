// Typst, which makes pages of the template and the report's data: https://typst.app. It reads no file but those given to it.
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import type { ReportOptions } from '@shared/report-options'

/** What a document is made of: paths below its root and what they hold; `main.typ` is where it begins. */
export type Sources = ReadonlyMap<string, string | Uint8Array>

const ROOT = process.platform === 'win32' ? 'C:\\report' : '/report' // no folder: what is not given is not found

/** The document as a PDF of that standard, or its pages as an SVG file. Throws an Error with Typst's own words where the sources do not compile. */
export function typeset(
  sources: Sources,
  fonts: readonly Uint8Array[],
  form: ReportOptions['pdf'] | 'pages'
): Uint8Array {
  const compiler = NodeCompiler.create({
    workspace: ROOT,
    fontArgs: [{ fontBlobs: fonts.map((font) => Buffer.from(font)) }]
  })
  const pathOf = (name: string) => `${ROOT}/${name}`
  for (const [name, content] of sources) {
    if (typeof content === 'string' && name.endsWith('.typ')) compiler.addSource(pathOf(name), content)
    else compiler.mapShadow(pathOf(name), Buffer.from(content))
  }
  const compiled = compiler.compile({ mainFilePath: pathOf('main.typ') })
  const problem = compiled.takeError()
  if (!compiled.result) throw new Error(`Typst: ${JSON.stringify(problem?.shortDiagnostics ?? 'no document')}`)
  if (form === 'pages') return Buffer.from(compiler.plainSvg(compiled.result))
  return compiler.pdf(compiled.result, { pdfStandard: form })
}
