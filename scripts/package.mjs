// Builds the packages of this platform into dist/.
//   npm run package                          installers: deb and AppImage, nsis and portable, or dmg
//   npm run package -- --dir                 the unpacked application alone
//   npm run package -- --dir --inspectable   the same with the fuse that lets Playwright drive it
// ELECTRON_OVERRIDE_DIST_PATH names a folder with an Electron that is there already.
import { rmSync } from 'node:fs'
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

buildIfStale()
rmSync(join(root, 'dist'), { recursive: true, force: true })
const paths = await build({
  projectDir: root,
  dir: values.dir ?? false,
  publish: 'never',
  config: {
    extends: 'electron-builder.yml',
    ...(electronDist ? { electronDist } : {}),
    electronFuses: { ...newerFuses, ...(values.inspectable ? { enableNodeCliInspectArguments: true } : {}) }
  }
})
process.stdout.write(values.dir ? 'dist/ holds the unpacked application\n' : `${paths.join('\n')}\n`)
