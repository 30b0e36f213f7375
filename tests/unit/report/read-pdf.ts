// Reads a PDF with poppler's tools, which share no code with what wrote it.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
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

/** The images in the order they were written, as paths of PNG files. */
export function imagesOf(path: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'report-images-'))
  execFileSync('pdfimages', ['-png', path, join(folder, 'image')])
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
}
