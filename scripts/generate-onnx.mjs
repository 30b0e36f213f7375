// Generates src/main/trainer/engines/onnxruntime/onnx_pb.ts from ONNX's own schema beside it (schema/onnx.proto).
// Run `node scripts/generate-onnx.mjs` after replacing the schema by a newer one: `pip download onnx --no-deps`
// brings a wheel that holds onnx/onnx.proto and its licence (Apache-2.0).
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const binaries = join(root, 'node_modules', '.bin')
const engine = join(root, 'src/main/trainer/engines/onnxruntime')

const template = {
  version: 'v2',
  plugins: [{ local: join(binaries, 'protoc-gen-es'), out: engine, opt: ['target=ts'] }]
}
execFileSync(
  join(binaries, 'buf'),
  [
    'generate',
    join(engine, 'schema'),
    '--template',
    JSON.stringify(template),
    '--path',
    join(engine, 'schema/onnx.proto')
  ],
  { stdio: 'inherit', cwd: root }
)
