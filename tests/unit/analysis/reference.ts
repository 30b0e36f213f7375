// What the reference libraries say: tests/fixtures/analysis/reference.json, made by generate.py beside it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Dimension {
  twoNN: number
  mle: Record<string, number>
}

interface Reference {
  small: {
    points: number[][]
    labels: number[]
    neighbourAccuracy: Record<string, number>
    probeAccuracy: number
    trustworthiness: Record<string, number>
    dimension: Dimension
    spectrum: { eigenvalues: number[]; participationRatio: number; effectiveRank: number }
  }
  bootstrap: { first: number[]; second: number[]; difference: Ends; ratio: Ends }
  mnist: {
    testDimension: Dimension
    testNeighbourAccuracy: number
    testProbeAccuracy: number
    pca16: { neighbourAccuracy: number; probeAccuracy: number; trustworthiness: number; dimension: Dimension }
    trainSpectrum: { participationRatio: number; effectiveRank: number }
  }
}

interface Ends {
  low: number
  high: number
}

const path = join(__dirname, '../../fixtures/analysis/reference.json')
export const reference = JSON.parse(readFileSync(path, 'utf8')) as Reference
