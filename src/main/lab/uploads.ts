// Files that a page sends because it doesn't know where they lie: kept in a folder of this process's own below the cache until they are added
// or given up.
import { randomBytes, randomInt } from 'node:crypto'
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { MOST_UPLOAD_BYTES, MOST_UPLOAD_FILES, type UploadPart, type UploadSize } from '@shared/dataset'
import { LabError } from '@shared/errors'
import { formatBytes, formatCount } from '@shared/format'
import { fileError, writeAll } from '../system/atomic-write'
import { makeFolder, PRIVATE_FILE, PRIVATE_FOLDER } from '../system/make-folder'
import type { Claim } from './claim'
import { claimRun, isAbandoned } from './owner'

export interface Uploads {
  /** Answers with the upload's id. Throws LabError `bad-value` where it is too large, `busy` where others take the room, `not-writable`. */
  begin(size: UploadSize): Promise<string>
  /** A part goes on with the file of the part before it where both have the same path. Throws LabError; the upload is gone then. */
  send(id: string, parts: readonly UploadPart[]): Promise<void>
  /** Answers with the path of what was sent: of the file or folder where it is one, else of a folder that holds all. */
  end(id: string): Promise<string>
  /** Removes what was sent; does nothing where there is no such upload any more. */
  drop(id: string): Promise<void>
  /** The upload that a path lies in. */
  idOf(path: string): string | undefined
  /** The same error in the words of who sent the files, who never saw the folder that they lie in. */
  inSendersWords(error: unknown): unknown
  /** Removes what processes that are gone have left. */
  sweep(): Promise<void>
  close(): Promise<void>
}

interface Upload {
  folder: string
  size: UploadSize
  sent: UploadSize
  /** Names at the top of what was sent. */
  tops: Set<string>
  current: { path: string; file: FileHandle; written: number } | null
  /** What was asked for last: one thing after another. */
  work: Promise<unknown>
}

/** What a folder of several files is called: a name for the data set follows from it. */
const SEVERAL = 'my-data'

export function createUploads(cache: string): Uploads {
  const home = join(cache, 'uploads')
  const own = join(home, `${process.pid}-${randomInt(2 ** 47)}`) // in another container a process has the same number
  const uploads = new Map<string, Upload>()
  let claim: Promise<Claim> | null = null

  /** Of two uploads that begin at once, the second waits for the first one's; where none can be had, the next tries again. */
  function claimOwn(): Promise<Claim> {
    claim ??= claimRun(own, 'running').catch((error: unknown) => {
      claim = null
      throw error
    })
    return claim
  }

  function checkRoom(size: UploadSize): void {
    const tooMuch = (found: string, most: string) =>
      new LabError('bad-value', 'The files are too large to be sent from a browser', {
        found,
        expected: `at most ${most}`,
        remedy: 'Give their path instead, or add them by lab data add PATH'
      })
    if (size.files > MOST_UPLOAD_FILES) {
      throw tooMuch(`${formatCount(size.files)} files`, `${formatCount(MOST_UPLOAD_FILES)} files`)
    }
    if (size.bytes > MOST_UPLOAD_BYTES) throw tooMuch(formatBytes(size.bytes), formatBytes(MOST_UPLOAD_BYTES))
    const all = [...uploads.values()].map((one) => one.size)
    const total = (key: keyof UploadSize) => all.reduce((sum, one) => sum + one[key], size[key])
    if (total('bytes') <= MOST_UPLOAD_BYTES && total('files') <= MOST_UPLOAD_FILES) return
    throw new LabError('busy', 'Other files that were sent are not added yet', {
      remedy: 'Add them or close the dialog that sent them, on other pages too, then try again'
    })
  }

  async function begin(size: UploadSize): Promise<string> {
    checkRoom(size)
    const id = randomBytes(16).toString('hex')
    const folder = join(own, id)
    const sent = { bytes: 0, files: 0 }
    uploads.set(id, { folder, size, sent, tops: new Set(), current: null, work: Promise.resolve() })
    try {
      await makeFolder(own)
      await claimOwn()
      await mkdir(folder, PRIVATE_FOLDER)
      await mkdir(join(folder, SEVERAL), PRIVATE_FOLDER)
      return id
    } catch (error) {
      uploads.delete(id)
      throw fileError(error, folder)
    }
  }

  function found(id: string): Upload {
    const upload = uploads.get(id)
    if (upload) return upload
    throw new LabError('not-found', 'The files that were sent are gone', { remedy: 'Choose them again' })
  }

  /** One after another, in the order in which they were asked for. */
  function inTurn<T>(upload: Upload, work: () => Promise<T>): Promise<T> {
    const next = upload.work.then(work)
    upload.work = next.catch(() => undefined)
    return next
  }

  async function write(upload: Upload, { path, bytes }: UploadPart): Promise<void> {
    const { size, sent } = upload
    if (upload.current?.path !== path) {
      await closeFile(upload)
      if (++sent.files > size.files) throw moreThanSaid()
      const names = path.split('/')
      upload.tops.add(names[0] as string)
      const full = join(upload.folder, SEVERAL, ...names)
      await makeFolder(dirname(full))
      upload.current = { path, file: await open(full, 'wx', PRIVATE_FILE), written: 0 }
    }
    sent.bytes += bytes.length
    if (sent.bytes > size.bytes) throw moreThanSaid()
    await writeAll(upload.current.file, bytes, upload.current.written)
    upload.current.written += bytes.length
  }

  async function send(id: string, parts: readonly UploadPart[]): Promise<void> {
    const upload = found(id)
    try {
      await inTurn(upload, async () => {
        found(id)
        for (const part of parts) await write(upload, part)
      })
    } catch (error) {
      await drop(id)
      throw fileError(error, join(upload.folder, SEVERAL))
    }
  }

  async function end(id: string): Promise<string> {
    const upload = found(id)
    await inTurn(upload, () => closeFile(upload))
    const [only, ...others] = upload.tops
    const folder = join(upload.folder, SEVERAL)
    return only !== undefined && others.length === 0 ? join(folder, only) : folder
  }

  async function drop(id: string): Promise<void> {
    const upload = uploads.get(id)
    if (!upload) return
    uploads.delete(id)
    await inTurn(upload, async () => {
      await closeFile(upload)
      await remove(upload.folder)
    })
  }

  const idOf = (path: string) => [...uploads].find(([, { folder }]) => path.startsWith(folder + sep))?.[0]

  return {
    begin,
    send,
    end,
    drop,
    idOf,
    inSendersWords(error) {
      if (!(error instanceof LabError)) return error
      const words = (text: string) =>
        [...uploads.values()].reduce((rest, { folder }) => {
          const inner = join(folder, SEVERAL)
          return rest.replaceAll(inner + sep, '').replaceAll(inner, 'what was sent')
        }, text)
      const { kind, problem, found: what, expected, remedy } = error.data
      return new LabError(kind, words(problem), { found: words(what), expected: words(expected), remedy })
    },
    async sweep() {
      for (const name of await readdir(home).catch(() => [])) {
        const folder = join(home, name)
        const isLeft = /^\d+-\d+$/.test(name) && (await isAbandoned(folder))
        if (isLeft) await remove(folder)
      }
    },
    async close() {
      await Promise.all([...uploads.keys()].map(drop))
      if (claim === null) return
      await claim.then((held) => held.release()).catch(() => undefined)
      await remove(own)
    }
  }
}

async function closeFile(upload: Upload): Promise<void> {
  const { current } = upload
  upload.current = null
  await current?.file.close()
}

/** What stays is removed at the next start. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined)
}

const moreThanSaid = () =>
  new LabError('bad-value', 'More was sent than the page had said', { remedy: 'Choose the files again' })
