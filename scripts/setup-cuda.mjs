// `npm run setup:cuda`: brings the CUDA part of ONNX Runtime, which its npm package lacks for its size, into this user's data folder.
//   npm run setup:cuda                      downloads Microsoft's own NuGet package
//   npm run setup:cuda -- --package FILE    takes it from a file, where the download is blocked
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import envPaths from 'env-paths'

const CONNECT_MILLISECONDS = 15_000
const require = createRequire(import.meta.url)
const runtime = dirname(require.resolve('onnxruntime-node/package.json'))
const { version } = JSON.parse(readFileSync(join(runtime, 'package.json'), 'utf8'))
const name = 'microsoft.ml.onnxruntime.gpu.linux'
const url = `https://api.nuget.org/v3-flatcontainer/${name}/${version}/${name}.${version}.nupkg`
const libraries = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']

/** The same folder as src/main/system/addons.ts names. */
function cudaFolder() {
  const home = process.env.BOTTLENECK_LAB_HOME
  const data = home ? join(resolve(home), 'data') : envPaths('bottleneck-lab', { suffix: '' }).data
  return join(data, 'addons', `onnxruntime-${version}-cuda`)
}

class Refusal extends Error {}

async function download() {
  const tooLong = new AbortController()
  const timer = setTimeout(() => tooLong.abort(), CONNECT_MILLISECONDS)
  try {
    const answer = await fetch(url, { signal: tooLong.signal })
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`)
    clearTimeout(timer)
    return Buffer.from(await answer.arrayBuffer())
  } catch (error) {
    const reason = tooLong.signal.aborted ? 'no answer within 15 s' : (error.cause?.message ?? error.message)
    throw new Refusal(
      `${url} could not be downloaded (${reason}). Download it elsewhere and run: npm run setup:cuda -- --package FILE`
    )
  } finally {
    clearTimeout(timer)
  }
}

function packageFile([option, file]) {
  if (option === undefined) return null
  if (option !== '--package' || !file) throw new Refusal('Usage: npm run setup:cuda [-- --package FILE]')
  if (!existsSync(file)) throw new Refusal(`There is no file ${file}`)
  return file
}

/** The libraries out of the package, beside a copy of the runtime, in a new folder that takes the place of the old one at once. */
function install(content, folder) {
  const AdmZip = createRequire(join(runtime, 'package.json'))('adm-zip')
  mkdirSync(dirname(folder), { recursive: true })
  const temporary = mkdtempSync(`${folder}.`)
  try {
    const archive = openArchive(AdmZip, content)
    for (const library of libraries) {
      const bytes = archive.getEntry(`runtimes/linux-x64/native/${library}`)?.getData()
      if (!bytes) throw new Refusal(`The package holds no ${library}: expected ${name} ${version}`)
      writeFileSync(join(temporary, library), bytes)
    }
    copyFileSync(join(runtime, 'bin/napi-v6/linux/x64/libonnxruntime.so.1'), join(temporary, 'libonnxruntime.so.1'))
    rmSync(folder, { recursive: true, force: true })
    renameSync(temporary, folder)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** e.g. `CUDA 13`: what the installed library asks the loader for. */
function cuda(folder) {
  const library = readFileSync(join(folder, libraries[1]))
  const place = library.indexOf('libcudart.so.')
  const [, version] = /\.so\.(\d+)/.exec(place < 0 ? '' : library.toString('latin1', place, place + 20)) ?? []
  return version ? `CUDA ${version}` : 'CUDA'
}

function openArchive(AdmZip, content) {
  try {
    return new AdmZip(content)
  } catch (error) {
    throw new Refusal(`The package can't be read (${error.message})`)
  }
}

async function run() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Refusal(`CUDA goes with Linux on x64 only, this is ${process.platform} on ${process.arch}: use webgpu`)
  }
  const file = packageFile(process.argv.slice(2))
  const folder = cudaFolder()
  if (file === null) console.log(`Downloading ${url} …`)
  install(file === null ? await download() : file, folder)
  console.log(`Installed in ${folder}`)
  console.log(
    `${cuda(folder)} and cuDNN 9 are needed too: from the system, or their libraries put into the same folder.`
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run().catch((error) => {
    console.error(error instanceof Refusal ? error.message : error)
    process.exitCode = 1
  })
}
