// What one example of the open run's data set is called, and its class: `digit` and `class 4`, or `image` and `Sneaker`.
import { computed } from 'vue'
import { className, imageWord, testImageName } from '@shared/dataset'
import { useRunStore } from '../stores/run-store'

export function useImageWords() {
  const run = useRunStore()
  const word = computed(() => (run.file ? imageWord(run.file.dataset) : 'digit'))
  /** `4`, `Sneaker`; a dash of none. */
  const nameOf = (label: number | undefined): string => {
    if (label === undefined) return '–'
    return run.file ? className(run.file.dataset, label) : String(label)
  }
  /** `class 4`, `Sneaker`: what stands alone. */
  const classOf = (label: number | undefined): string => {
    const name = nameOf(label)
    return name === String(label) || label === undefined ? `class ${name}` : name
  }
  /** `test digit 5, a 4`: the test image at an index, from 0. */
  const nameOfImage = (index: number, label?: number): string =>
    testImageName(run.file?.dataset ?? { name: 'mnist' }, index, label)
  return { word, nameOf, classOf, nameOfImage }
}
