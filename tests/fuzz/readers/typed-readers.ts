// What is typed or asked for: numbers and lists, experiments, addresses of pages.
import { mnistInfo } from '../../../src/main/data/mnist'
import { LabError } from '@shared/errors'
import { codeSizes, modelsOf, presets } from '@shared/experiment'
import { suggestedName } from '@shared/experiment-name'
import { formatValue, hyperparameterKeys, rowOf } from '@shared/hyperparameters'
import { listHint, parseNumber, spellingHint } from '@shared/parse-number'
import { typedValue, typedValues } from '@shared/typed-values'
import { runOptions, type ValueOption } from '../../../src/main/cli/experiment-options'
import { answerPage } from '../../../src/main/desktop/page-answer'
import { isAllowedRequest, isOwnPage, PAGE_ORIGIN, pageUrl } from '../../../src/main/desktop/page-origin'
import { checkExperiment } from '../../../src/main/lab/checks'
import { faultOfText } from '../judge'
import { Fault, type FuzzReader } from '../reader'
import { valueOf } from '../values'

const MOST_SHOWN = 300

/** `value` as the form has it; undefined where it refuses. */
const inForm = (text: string, key: (typeof hyperparameterKeys)[number]) => {
  const typed = key === 'latentDim' ? typedValues(key, text) : typedValue(key, text)
  return 'value' in typed ? { value: typed.value } : { refused: typed.hint }
}

export const typedNumbers: FuzzReader = {
  name: 'typed-numbers',
  form: 'bytes',
  seeds: () =>
    [
      '1,000',
      '1000',
      '6e4',
      '0.001',
      '1e-3',
      '2, 8, 16',
      '128-64',
      'none',
      '60.000',
      '024',
      "1'000",
      '１２',
      '2 4 8',
      'adam'
    ].map((text) => Buffer.from(text)),
  open: () => ({
    read(input) {
      const text = input.toString()
      for (const notation of ['whole', 'decimal'] as const) {
        parseNumber(text, notation)
        for (const hint of [spellingHint(text, notation), listHint(text, notation)]) checkHint(hint, input)
      }
      return hyperparameterKeys.flatMap((key) => sameBothWays(key, text, input))
    }
  })
}

/** Form and command line take the same; answers with what the command line said. */
function sameBothWays(key: (typeof hyperparameterKeys)[number], text: string, input: Buffer) {
  const form = inForm(text, key)
  if ('refused' in form) checkHint(form.refused, input)
  try {
    const value = (runOptions[key as keyof typeof runOptions] as ValueOption<unknown>).parse(text)
    if (!('value' in form)) throw new Fault(`${key}: the command line takes what the form refuses`)
    if (JSON.stringify(value) !== JSON.stringify(form.value)) throw new Fault(`${key}: two values of one text`)
    const spelled = Array.isArray(value) ? '' : formatValue(key, value as never)
    if (spelled && JSON.stringify(rowOf(key).parse(spelled)) !== JSON.stringify(value))
      throw new Fault(`${key}: ${spelled}`)
    return []
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    // A list with one value twice is the command line's own refusal.
    if ('value' in form && key !== 'latentDim') throw new Fault(`${key}: the form takes what the command line refuses`)
    return [error.data]
  }
}

function checkHint(hint: string, input: Buffer): void {
  const fault = hint.length > MOST_SHOWN ? `a hint of ${hint.length} characters` : faultOfText(hint, input)
  if (fault) throw new Fault(fault)
}

export const experiments: FuzzReader = {
  name: 'experiments',
  form: 'values',
  seeds: () =>
    [
      presets.article,
      presets['keras-blog'],
      { ...presets.article, varied: { key: 'activation', values: ['relu', 'tanh'] }, base: withLatent(), seeds: [3, 4] }
    ].map((one) => Buffer.from(JSON.stringify(one))),
  open: () => ({
    read(input) {
      const experiment = checkExperiment(valueOf(input.toString()) as never, mnistInfo)
      modelsOf(experiment, 784)
      codeSizes(experiment)
      suggestedName(experiment, 'article')
    }
  })
}

function withLatent() {
  const { activation: _, ...base } = presets.article.base
  return { ...base, latentDim: 8 }
}

export const addresses: FuzzReader = {
  name: 'addresses',
  form: 'bytes',
  seeds: () =>
    [
      `${PAGE_ORIGIN}/index.html`,
      'http://localhost:5173/',
      'data:image/png;base64,',
      'blob:app://bottleneck-lab/1'
    ].map((url) => Buffer.from(url)),
  open: () => {
    const files = new Map([['/index.html', { content: Buffer.from('page'), type: 'text/html' }]])
    return {
      read(input) {
        const url = input.toString()
        const own = isOwnPage(url, PAGE_ORIGIN)
        isAllowedRequest(url, PAGE_ORIGIN)
        pageUrl(false, url)
        if (answerPage(files, url, 'GET').status === 200 && !own) throw new Fault('an answer for another page')
      }
    }
  }
}
