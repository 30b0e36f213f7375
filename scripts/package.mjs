// Builds the packages of this platform into dist/.
//   npm run package                    installers (deb and AppImage, nsis and portable, or dmg)
//   npm run package -- --dir           the unpacked application alone
//   npm run package -- --dir --inspectable   the same with the fuse that lets Playwright drive it
// ELECTRON_OVERRIDE_DIST_PATH names a folder with an Electron that is there already.
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { build } from 'electron-builder'
import { buildIfStale } from './build-if-stale.mjs'

const { values } = parseArgs({ options: { dir: { type: 'boolean' }, inspectable: { type: 'boolean' } } })
const electronDist = process.env.ELECTRON_OVERRIDE_DIST_PATH

buildIfStale()
const paths = await build({
  projectDir: fileURLToPath(new URL('..', import.meta.url)),
  dir: values.dir ?? false,
  publish: 'never',
  config: {
    extends: 'electron-builder.yml',
    ...(electronDist ? { electronDist } : {}),
    ...(values.inspectable ? { electronFuses: { enableNodeCliInspectArguments: true } } : {})
  }
})
process.stdout.write(values.dir ? 'dist/ holds the unpacked application\n' : `${paths.join('\n')}\n`)
