// What the template is fed with: document.json and the files that it names. Every text is final, and so is every order.
export interface ReportDocument {
  /** As Typst names them. */
  paper: 'a4' | 'us-letter'
  title: string
  author: string[]
  /** Whether a person has put a name to it. */
  isSigned: boolean
  note: string
  /** For the file's properties: the answer as plain text. */
  description: string
  keywords: string[]
  /** Of the run's end: the same run gives the same report. */
  date: { year: number; month: number; day: number; hour: number; minute: number; second: number }
  kicker: string
  dateText: string
  standing: string
  question: string
  /** Each run's answer in parts; names of series have their colour. The run's name is empty where there is one alone. */
  answers: { name: string; words: { text: string; colour: string | null }[] }[]
  /** Sentences; none: no abstract. */
  abstract: string[]
  footer: string
  sections: Section[]
  attachments: AttachedFile[]
}

export interface AttachedFile {
  name: string
  type: string
  description: string
  /** What it is to the document (ISO 32000-2, 14.13). */
  relationship: 'source' | 'data' | 'supplement'
}

export type Section =
  TableSection | FiguresSection | GallerySection | ClaimsSection | EntriesSection | ParagraphsSection

export interface Cell {
  text: string
  strong: boolean
  /** Lines of their own: a standard deviation, a difference. */
  below: string[]
}

export interface TableSection {
  kind: 'table'
  heading: string
  caption: string
  /** Head of the first column, which has the names. */
  symbol: string
  columns: string[]
  /** Rows without a colour are bounds. */
  rows: { name: string; colour: string | null; cells: Cell[] }[]
  /** Paragraphs below. */
  notes: string[]
}

export interface ChartPicture {
  /** An SVG among the document's files. */
  file: string
  /** What it shows, for those who do not see it. */
  alt: string
  /** Above it; empty: nothing. */
  name: string
  colour: string | null
  aside: string
}

export interface Figure {
  caption: string
  legend: { sign: 'line' | 'dashed' | 'band' | 'range'; name: string }[]
  columns: number
  charts: ChartPicture[]
  notes: string[]
}

export interface FiguresSection {
  kind: 'figures'
  heading: string
  figures: Figure[]
}

/** An image of the gallery's file, and what stands below it. */
export interface GalleryImage {
  index: number
  alt: string
  below: string
}

export interface GallerySection {
  kind: 'gallery'
  heading: string
  /** All images, one behind another: a byte a pixel, 0 black and 255 white. */
  file: string
  /** Of an image, in pixels. */
  width: number
  height: number
  /** Of an image on the page, in points. */
  side: number
  parts: {
    caption: string
    labels: string[]
    originals: GalleryImage[]
    rows: { name: string; colour: string; images: GalleryImage[] }[]
  }[]
  notes: string[]
}

export interface ClaimsSection {
  kind: 'claims'
  heading: string
  claims: { title: string; words: string; test: string; figure: string; verdict: string; note: string }[]
  notes: string[]
}

/** A name and the text beside it. */
export type Entry = readonly [name: string, text: string]

export interface EntriesSection {
  kind: 'entries'
  heading: string
  entries: Entry[]
}

export interface ParagraphsSection {
  kind: 'paragraphs'
  heading: string
  paragraphs: string[]
}
