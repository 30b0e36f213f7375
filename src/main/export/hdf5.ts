// HDF5 files of groups and float32 arrays. The library, WebAssembly, is loaded when the first is written.
import type { Group } from 'h5wasm'

export interface Hdf5Array {
  shape: number[]
  values: Float32Array
}
export interface Hdf5Group {
  [name: string]: Hdf5Group | Hdf5Array
}

const PATH = '/written.h5' // in the library's own memory

/** The bytes of a file whose root has this content; the same bytes whatever the time. */
export async function hdf5(root: Hdf5Group): Promise<Uint8Array> {
  const { File, ready } = await import('h5wasm')
  const { FS } = await ready
  return atTimeZero(() => {
    const file = new File(PATH, 'w')
    fill(file, root)
    file.flush()
    file.close()
    const bytes = FS.readFile(PATH)
    FS.unlink(PATH)
    return bytes
  })
}

function fill(group: Group, content: Hdf5Group): void {
  for (const [name, entry] of Object.entries(content)) {
    if (isArray(entry)) group.create_dataset({ name, data: entry.values, shape: entry.shape, dtype: '<f4' })
    else fill(group.create_group(name), entry)
  }
}

const isArray = (entry: Hdf5Group | Hdf5Array): entry is Hdf5Array => entry.values instanceof Float32Array

/** HDF5 notes in each array's header when it was made, and asks the page's clock for it. */
function atTimeZero<T>(work: () => T): T {
  const { now } = Date
  Date.now = () => 0
  try {
    return work()
  } finally {
    Date.now = now
  }
}
