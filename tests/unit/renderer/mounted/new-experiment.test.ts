// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { Experiment } from '@shared/experiment'
import { useExperimentStore } from '../../../../src/renderer/stores/experiment-store'
import NewExperimentView from '../../../../src/renderer/views/NewExperimentView.vue'
import { varying } from '../../../fixtures/varying'
import { all, find, focused, mount, openLab, press, type } from './mount'

const startRun = vi.fn<(experiment: Experiment, device: string | null) => Promise<string>>()

beforeEach(async () => {
  startRun.mockReset().mockResolvedValue('new')
  await openLab({ startRun, estimate: () => new Promise(() => undefined) })
  useExperimentStore().openDraft()
})

const chips = () => all('.chips li span').map((one) => one.textContent)
const field = (id: string) => find<HTMLInputElement>(`#${id}`)
const submit = () => find<HTMLFormElement>('form').dispatchEvent(new Event('submit', { cancelable: true }))

it('has a labelled field for each hyperparameter, by its row', async () => {
  await mount(NewExperimentView)
  const labels = all('.fields .label').map((one) => one.textContent)
  expect(labels).toEqual([
    'Start from',
    'Name',
    'Data',
    'Hyperparameter',
    'Values',
    'Hidden layers',
    'Activation',
    'Optimizer',
    'Learning rate',
    'Loss',
    'Batch size',
    'Epochs',
    'Training images',
    'Seed',
    'Device'
  ])
  expect(['learningRate', 'batchSize', 'epochs', 'trainLimit', 'seed'].map((id) => field(id).value)).toEqual([
    '0.001',
    '128',
    '70',
    '60,000',
    '1'
  ])
  expect(all('.fields [role="radio"][aria-checked="true"]').map((one) => one.textContent)).toContain('tanh')
})

it('adds a value on Enter and on a comma, takes the last on Backspace, and one that is pressed', async () => {
  await mount(NewExperimentView)
  const added = field('latentDim')
  await type(added, '24')
  expect(await press('Enter')).toBe(true)
  await type(added, '1')
  await press(',')
  expect(chips()).toEqual(['1', '2', '8', '16', '24', '32', '64', '128'])
  expect(await press('Backspace')).toBe(false)
  expect(chips()).toEqual(['1', '2', '8', '16', '24', '32', '64'])
  find('[aria-label="Remove d = 24"]').click()
  await vi.waitFor(() => expect(focused()).toBe('Remove d = 32'))
  find('[aria-label="Remove d = 64"]').click()
  await vi.waitFor(() => expect(document.activeElement).toBe(added))
  expect(chips()).toEqual(['1', '2', '8', '16', '32'])
})

it('offers the names of what has names, and goes on with the values of before', async () => {
  const store = useExperimentStore()
  await mount(NewExperimentView)
  store.vary('optimizer')
  await nextTick()
  expect(chips()).toEqual(['adam', 'adamw', 'rmsprop', 'sgd', 'adagrad'])
  for (const name of ['adamw', 'adagrad', 'rmsprop', 'adam', 'sgd']) {
    find(`[aria-label="Remove optimizer = ${name}"]`).click()
    await nextTick()
  }
  submit()
  await nextTick()
  expect(find('#problem-optimizer').textContent).toBe('No value is left. Give 1 to 128 different values.')
  expect([document.activeElement?.id, startRun.mock.calls.length]).toEqual(['optimizer', 0])
  find('[aria-label="Add optimizer = sgd"]').click()
  await vi.waitFor(() => expect(focused()).toBe('Add optimizer = adagrad'))
  expect([chips(), all('.to-fix').length]).toEqual([['sgd'], 0])
  store.vary('latentDim')
  await nextTick()
  expect(chips()).toEqual(['2', '8', '16', '32', '64', '128'])
  store.vary('optimizer')
  await nextTick()
  expect(chips()).toEqual(['sgd'])
})

it('says under a field what is wrong, lists it to fix, and starts with the focus there instead', async () => {
  await mount(NewExperimentView)
  await type(field('epochs'), '0.5')
  field('epochs').dispatchEvent(new Event('blur'))
  await nextTick()
  expect(find('#problem-epochs').textContent).toBe('0.5 can’t be used. Give a whole number from 1 to 1,000.')
  expect(field('epochs').getAttribute('aria-describedby')).toBe('problem-epochs')
  expect(all('.to-fix > span').map((one) => one.textContent)).toEqual(['1 value to fix:', 'epochs'])
  field('seed').focus()
  submit()
  await nextTick()
  expect([document.activeElement?.id, startRun.mock.calls.length]).toEqual(['epochs', 0])
  await type(field('epochs'), '12')
  submit()
  await vi.waitFor(() => expect(startRun).toHaveBeenCalledOnce())
  expect(startRun.mock.calls[0]?.[0].base.epochs).toBe(12)
})

it('warns of relu at d = 2 only where there is such a model', async () => {
  useExperimentStore().copyOf(varying('learningRate', [0.01], { base: { activation: 'relu' } }))
  await mount(NewExperimentView)
  const hints = () => all('.fields .hint').map((one) => one.textContent)
  expect(hints()).toContain('a relu unit may die early')
  useExperimentStore().startFrom('keras-blog')
  await nextTick()
  expect(hints()).toContain('a relu unit may die early; d = 2 then depends on the seed')
})

it('chooses a device, and prints the command that does the same', async () => {
  await mount(NewExperimentView)
  const command = () => find('.command code').textContent
  expect(command()).toBe('lab run --preset article')
  find<HTMLInputElement>('.device-choice input[value="cpu"]').click()
  await nextTick()
  expect(command()).toBe('lab run --preset article --device cpu')
})

it('shows what another run varies, and hands it on', async () => {
  const experiment = varying('learningRate', [0.01, 0.1], { base: { hidden: [128] } })
  useExperimentStore().copyOf(experiment)
  await mount(NewExperimentView)
  expect(chips()).toEqual(['0.01', '0.1'])
  expect(field('hidden').value).toBe('128')
  await type(field('learningRate'), '1')
  await press('Enter')
  submit()
  await vi.waitFor(() => expect(startRun).toHaveBeenCalledOnce())
  expect(startRun.mock.calls[0]?.[0]).toMatchObject({
    base: experiment.base,
    varied: { key: 'learningRate', values: [0.01, 0.1, 1] }
  })
  expect(all('.preview tbody th').map((one) => one.textContent?.trim())).toEqual(['0.01', '0.1', '1'])
})
