// Reads a PDF with poppler's tools, which share no code with what wrote it.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why the tests that need poppler can't run here; empty where they can. */
export const noPoppler = ['pdftotext', 'pdfimages', 'pdffonts', 'pdfinfo'].some((tool) => spawnSync(tool, ['-v']).error)
  ? 'poppler-utils is not installed'
  : ''

/** The file's path in a new temporary folder. */
export function saved(bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'report-')), 'report.pdf')
  writeFileSync(path, bytes)
  return path
}

/** One text a page, lines as they stand on it. */
export function textOfPages(path: string): string[] {
  const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
  return text.split('\f').slice(0, -1)
}

interface Word {
  text: string
  /** From 1. */
  page: number
  left: number
  top: number
  right: number
  bottom: number
}

/** Every word with its edges in points from the page's upper left corner. */
export function wordsOf(path: string): Word[] {
  const [, ...pages] = execFileSync('pdftotext', ['-bbox', path, '-'], { encoding: 'utf8' }).split('<page ')
  const found = /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"[^>]*>(.*?)<\/word>/g
  return pages.flatMap((html, index) =>
    [...html.matchAll(found)].map(([, left, top, right, bottom, text]) => ({
      text: text ?? '',
      page: index + 1,
      left: Number(left),
      top: Number(top),
      right: Number(right),
      bottom: Number(bottom)
    }))
  )
}

/** `name type emb` of each font. */
export function fontsOf(path: string): { name: string; type: string; embedded: boolean }[] {
  const lines = execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)
  return lines.map((line) => ({
    name: line.slice(0, 36).trim(),
    type: line.slice(37, 54).trim(),
    embedded: line.slice(72, 75) === 'yes'
  }))
}

/** The grey images in the order in which they were written, each as it is embedded. */
export function imagesOf(path: string): { width: number; height: number; pixels: Uint8Array }[] {
  const folder = mkdtempSync(join(tmpdir(), 'report-images-'))
  execFileSync('pdfimages', [path, join(folder, 'image')])
  return readdirSync(folder)
    .sort()
    .map((name) => greymap(readFileSync(join(folder, name))))
}

/** A PPM file, as Netpbm describes it: `P6 width height 255` and three bytes a pixel, equal ones where it is grey. */
function greymap(file: Buffer): ReturnType<typeof imagesOf>[number] {
  const [head = '', width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 40)) ?? []
  const colours = [...file.subarray(head.length)]
  const pixels = colours.filter((_, at) => at % 3 === 0)
  for (const channel of [1, 2]) {
    if (pixels.some((grey, at) => colours[3 * at + channel] !== grey)) throw new Error('an image is not grey')
  }
  return { width: Number(width), height: Number(height), pixels: Uint8Array.from(pixels) }
}
