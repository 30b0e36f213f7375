// Which images stand for a data set: one of each class before any class comes twice.

/**
 * The first `most` images such that each class comes once before any comes twice, in the order of classes. `labels` are numbers
 * from 0; answers with as many indices as there are images, if those are fewer.
 */
export function oneOfEach(labels: Uint8Array, most: number): number[] {
  const byClass = new Map<number, number[]>()
  for (let image = 0; image < labels.length; image++) {
    const label = labels[image] as number
    const images = byClass.get(label) ?? []
    if (images.length < most) images.push(image)
    byClass.set(label, images)
  }
  const lists = [...byClass].sort(([a], [b]) => a - b).map(([, images]) => images)
  const chosen: number[] = []
  for (let round = 0; chosen.length < most && lists.some((images) => images.length > round); round++) {
    for (const images of lists) {
      const image = images[round]
      if (image !== undefined && chosen.length < most) chosen.push(image)
    }
  }
  return chosen
}
