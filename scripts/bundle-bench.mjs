// Bundles programs of bench/ and tests/fuzz for Node, with the application's sources that they use.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds bench/NAME.ts of each name into out/FOLDER/NAME.js; answers with that folder. */
export function bundleBench(folder, names) {
  return bundle(folder, Object.fromEntries(names.map((name) => [name, join('bench', `${name}.ts`)])))
}

/** Builds each entry, a path in the project by its name, into out/FOLDER/NAME.js; answers with that folder. */
export async function bundle(folder, entries) {
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
        input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)])),
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' }
      }
    }
  })
  return outDir
}
