// Bundles programs of bench/ for Node, with the application's sources that they measure.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds bench/NAME.ts of each name into out/FOLDER/NAME.js; answers with that folder. */
export async function bundleBench(folder, names) {
  const outDir = join(root, 'out', folder)
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve: { alias: { '@shared': join(root, 'src/shared') } },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      rollupOptions: {
        external: /^@tensorflow\//,
        input: Object.fromEntries(names.map((name) => [name, join(root, 'bench', `${name}.ts`)])),
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' }
      }
    }
  })
  return outDir
}
