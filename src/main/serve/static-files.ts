// The interface's files in memory, by exact path: no request ever becomes a path on the disk.
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

export interface StaticFile {
  content: Buffer
  type: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf'
}

/** All files below `folder`, keyed by their path in a URL, e.g. `/assets/index.js`; `/` is `/index.html`. */
export async function readStaticFiles(folder: string): Promise<Map<string, StaticFile>> {
  const files = new Map(await readBelow(folder, ''))
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return files
}

async function readBelow(folder: string, prefix: string): Promise<[string, StaticFile][]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const read = entries.map(async (entry): Promise<[string, StaticFile][]> => {
    const path = join(folder, entry.name)
    const key = `${prefix}/${entry.name}`
    if (entry.isDirectory()) return readBelow(path, key)
    const type = types[extname(entry.name)] ?? 'application/octet-stream'
    return [[key, { content: await readFile(path), type }]]
  })
  return (await Promise.all(read)).flat()
}
