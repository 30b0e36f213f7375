// Builds the packages of this platform into dist/.
//   npm run package                          installers: deb and AppImage, nsis and portable, or dmg
//   npm run package -- --dir                 the unpacked application alone
//   npm run package -- --dir --inspectable   the same with the fuse that lets Playwright drive it
// ELECTRON_OVERRIDE_DIST_PATH names a folder with an Electron that is there already.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { build } from 'electron-builder'
import { buildIfStale } from './build-if-stale.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { dir: { type: 'boolean' }, inspectable: { type: 'boolean' } } })
const electronDist = process.env.ELECTRON_OVERRIDE_DIST_PATH
// The old Electron of continuous integration does not know this fuse, and electron-builder refuses to name it there.
const newerFuses = process.env.BOTTLENECK_LAB_TARGET === 'old' ? {} : { grantFileProtocolExtraPrivileges: false }

/** Fashion-MNIST, where this system has it, and its licence: the installed application finds both among its resources. */
function fashion() {
  const own = join(root, 'resources/fashion-mnist')
  const files = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']
  const names = files.map((name) => `${name}-ubyte.gz`)
  const places = JSON.parse(readFileSync(join(own, 'places.json'), 'utf8'))
  const from = places.find((place) => names.every((name) => existsSync(join(place, name))))
  process.stdout.write(
    from
      ? `Fashion-MNIST is taken along from ${from}\n`
      : `Fashion-MNIST is not taken along: it is in none of ${places.join(', ')} (Debian: apt install dataset-fashion-mnist)\n`
  )
  const to = 'fashion-mnist'
  return from
    ? [
        { from, to, filter: names },
        { from: own, to, filter: ['LICENSE'] }
      ]
    : []
}

/** What is bundled and asks for its notice to go with every copy. */
const notices = [
  { from: join(root, 'node_modules/h5wasm'), to: 'licences/h5wasm', filter: ['LICENSE.txt'] },
  { from: join(root, 'node_modules/mediabunny'), to: 'licences/mediabunny', filter: ['LICENSE'] } // MPL-2.0
]

buildIfStale()
rmSync(join(root, 'dist'), { recursive: true, force: true })
const paths = await build({
  projectDir: root,
  dir: values.dir ?? false,
  publish: 'never',
  config: {
    extends: 'electron-builder.yml',
    extraResources: [...fashion(), ...notices],
    ...(electronDist ? { electronDist } : {}),
    electronFuses: { ...newerFuses, ...(values.inspectable ? { enableNodeCliInspectArguments: true } : {}) }
  }
})
process.stdout.write(values.dir ? 'dist/ holds the unpacked application\n' : `${paths.join('\n')}\n`)
