// The files that a user adds as data: arrays of NumPy, tables, pictures, IDX.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeImage } from '../../../src/main/data/readers/decode-image'
import { readData } from '../../../src/main/data/readers/read-data'
import { quietly } from '../../../src/main/data/readers/read-images'
import type { FuzzReader } from '../reader'

const fixture = (name: string) => readFileSync(join('tests/fixtures/data', name))

/** Each under a name of its kind, which decides who reads it. */
const reading = (name: string, file: string, seeds: () => Buffer[]): FuzzReader => ({
  name,
  form: 'bytes',
  seeds,
  open(folder) {
    const path = join(folder, file)
    return {
      async read(input) {
        writeFileSync(path, input)
        await readData(path, quietly)
      }
    }
  }
})

export const npzData = reading('npz-data', 'data.npz', () => [fixture('parts.npz'), fixture('nameless.npz')])
export const csvData = reading('csv-data', 'data.csv', () => [
  Buffer.from(['label,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p', '1,0,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7'].join('\n'))
])

export const pictures: FuzzReader = {
  name: 'pictures',
  form: 'bytes',
  seeds: () => ['colour.png', 'grey2.png', 'palette.png', 'grey.jpg'].map((name) => fixture(join('pictures', name))),
  open: () => ({
    read: (input) => void decodeImage(input, 'picture')
  })
}
