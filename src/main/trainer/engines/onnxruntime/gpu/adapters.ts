// The GPUs of this computer as its system knows them. ONNX Runtime tells neither the adapter that it uses nor the driver.
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { cpus } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { nvidiaDriverVersion } from '../../../../system/nvidia-driver'
import { parseJson } from '../../../../system/parse-json'

const QUESTION_MILLISECONDS = 5000

/** A GPU, or a program that plays one. */
export interface Adapter {
  /** As on its box, e.g. `NVIDIA GeForce RTX 3050 Ti Laptop GPU`. */
  name: string
  /** e.g. `nvidia 550.54.14`; empty where it is not told. */
  driver: string
  software: boolean
}

/** The system's GPUs, the one that it would call the fastest first; empty where none is found. Never rejects. */
export async function findAdapters(): Promise<Adapter[]> {
  const search = { linux: linuxAdapters, win32: windowsAdapters, darwin: macAdapters }[process.platform as string]
  return (await search?.().catch(() => [])) ?? []
}

const software: Readonly<Record<string, string>> = { swiftshader: 'SwiftShader', lvp: 'llvmpipe', llvmpipe: 'llvmpipe' }
// Makers, those of graphics cards before those of graphics inside a processor.
const makers: Readonly<Record<string, string>> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' }

async function linuxAdapters(): Promise<Adapter[]> {
  // Variables of the Vulkan loader: nothing but what they name is used.
  const named = (process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES ?? '').split(delimiter).filter(Boolean)
  const programs = named.map((path) => Object.keys(software).find((program) => basename(path).includes(program)))
  if (programs.length > 0 && programs.every(Boolean)) {
    return programs.map((program) => ({ name: software[program ?? ''] ?? '', driver: '', software: true }))
  }
  const cards = (await namesIn('/sys/class/drm')).filter((name) => /^card\d+$/.test(name))
  const known = await Promise.all(cards.map((card) => linuxCard(`/sys/class/drm/${card}/device`)))
  const found = known.flatMap((card) => (card ? [card] : []))
  const order = Object.keys(makers)
  found.sort((a, b) => order.indexOf(a.maker) - order.indexOf(b.maker))
  if (found.length > 0) return found.map(({ name, driver }) => ({ name, driver, software: false }))
  // A container may have NVIDIA's driver and no /sys/class/drm.
  const models = await Promise.all((await namesIn(NVIDIA)).map(nvidiaModel))
  const driver = nvidiaDriver()
  return models.flatMap((name) => (name ? [{ name, driver, software: false }] : []))
}

const NVIDIA = '/proc/driver/nvidia/gpus'

async function linuxCard(device: string): Promise<{ maker: string; name: string; driver: string } | null> {
  const maker = await text(join(device, 'vendor'))
  if (!(maker in makers)) return null
  const address = basename(await readlink(device).catch(() => ''))
  const module = basename(await readlink(join(device, 'driver')).catch(() => ''))
  const version = await text(`/sys/module/${module}/version`)
  const name = (await nvidiaModel(address)) || (await pciName(maker, await text(join(device, 'device'))))
  return { maker, name, driver: `${module} ${version}`.trim() }
}

async function nvidiaModel(address: string): Promise<string> {
  const model = /^Model:\s*(.+)$/m.exec(await text(join(NVIDIA, address, 'information')))?.[1]
  return model ? `NVIDIA ${model.replace(/^NVIDIA /, '')}` : ''
}

/** e.g. `nvidia 550.54.14`; empty without NVIDIA's driver. */
export function nvidiaDriver(): string {
  const version = nvidiaDriverVersion()
  return version && `nvidia ${version}`
}

/** The name in the list of PCI devices that most systems have: a line of its maker, then one a device, after a tab. */
async function pciName(maker: string, device: string): Promise<string> {
  const list = (await text('/usr/share/misc/pci.ids')) || (await text('/usr/share/hwdata/pci.ids'))
  const ofMaker = list.split(new RegExp(`^${maker.slice(2)} .*$`, 'm'))[1]?.split(/^\S/m)[0] ?? ''
  const name = new RegExp(`^\\t${device.slice(2)}\\s+(.+)$`, 'm').exec(ofMaker)?.[1]
  return `${makers[maker] ?? ''} ${name ?? `GPU ${device}`}`
}

async function windowsAdapters(): Promise<Adapter[]> {
  const question = 'ConvertTo-Json @(Get-CimInstance Win32_VideoController | Select-Object Name,DriverVersion)'
  const answer = parseJson(await ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', question]))
  const found = (Array.isArray(answer) ? answer : []) as { Name?: string; DriverVersion?: string }[]
  const rank = (name: string) => [/nvidia/i, /radeon|amd/i, /arc/i].findIndex((sign) => sign.test(name)) >>> 0
  return found
    .map(({ Name: name = 'GPU', DriverVersion: driver = '' }) => ({ name, driver, software: /basic/i.test(name) }))
    .sort((a, b) => rank(a.name) - rank(b.name))
}

async function macAdapters(): Promise<Adapter[]> {
  return [{ name: `${cpus()[0]?.model.trim() ?? 'Mac'} GPU`, driver: 'Metal', software: false }]
}

async function ask(program: string, question: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, question, { timeout: QUESTION_MILLISECONDS, windowsHide: true })
  return stdout
}

const text = (path: string) =>
  readFile(path, 'utf8').then(
    (content) => content.trim(),
    () => ''
  )

const namesIn = (folder: string) => readdir(folder).catch((): string[] => [])
