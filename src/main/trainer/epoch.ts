// One epoch of all batch groups: its steps, and what is asked of the engine when they are done.
import { LabError } from '@shared/errors'
import { lossOf, trainImages, type Experiment } from '@shared/experiment'
import type { ModelConfig } from '@shared/model'
import { stepsOf } from './batch-groups'
import type { Control } from './control'
import type { Images, ModelState } from './engines/engine'
import { evaluate, reconstruct, type Evaluation } from './evaluate'
import { createFreshDigits } from './fresh-digits'
import type { GroupTraining } from './group-training'
import type { TrainerEvent } from './messages'
import type { Pace } from './pace'
import { notFinite } from './state-tensors'

const PROGRESS_MILLISECONDS = 250
const SMALLER_RATE = 'Choose a smaller learning rate, or leave this model out'

/** What an epoch is trained with. */
export interface EpochTools {
  experiment: Experiment
  groups: GroupTraining[]
  /** What each group last answered at an epoch's end. */
  ends: Map<GroupTraining, Promise<GroupEnd>>
  test: Images
  probes: readonly number[]
  control: Control
  pace: Pace
  /** Training time of this process's epochs until now, as Control counts it. */
  seconds(): number
  send(event: TrainerEvent): void
}

/** An epoch whose steps are done. What the engine still has to do for its `end` stands in line before any later step. */
export interface TrainedEpoch {
  epoch: number
  /** Mean of each model over the epoch, or over its own last one. */
  trainLoss: number[]
  end: Promise<EpochEnd>
}

/** What a group's session answers about its weights. `digits`: of each model [probes × size] uint8. */
export interface GroupEnd extends Evaluation {
  states: ModelState[]
  digits: Uint8Array[]
}

/** What the engine answers about the weights after an epoch. */
interface EpochEnd extends Evaluation {
  states: ModelState[]
  /** The probes' reconstructions, [models × probes × size] uint8. */
  digits: Uint8Array
  /** When all of it was answered. */
  seconds: number
}

/** Trains one epoch, the batch groups alternately; answers with null if it was stopped on the way. */
export async function trainEpoch(
  epoch: number,
  lastTrainLoss: number[],
  tools: EpochTools
): Promise<TrainedEpoch | null> {
  const { experiment, groups, control, pace, seconds, send } = tools
  const active = groups.filter(({ group }) => group.epochs >= epoch)
  const stepsPerEpoch = sum(active.map(({ group }) => stepsOf(group, trainImages(experiment))))
  const trainLoss = () =>
    perModel(groups, (training) =>
      active.includes(training)
        ? training.trainLoss()
        : training.group.indices.map((model) => lastTrainLoss[model] ?? NaN)
    )
  let lastSent = -Infinity
  const stepsDone = () => sum(active.map((one) => one.steps()))
  const fresh = createFreshDigits(stepsPerEpoch, async () => {
    const digits = await digitsOf(groups, tools.test, tools.probes)
    send({ type: 'digits', epoch, step: stepsDone(), digits })
  })

  /** Whether the next group should go on, so that all groups' curves grow together. */
  const afterCall = (training: GroupTraining, images: number): boolean => {
    pace.trained(images, seconds())
    checkFinite(training.trainLoss(), training.group.models)
    if (epoch === 1) fresh.trained(stepsDone())
    if (performance.now() - lastSent >= PROGRESS_MILLISECONDS) {
      lastSent = performance.now()
      const times = { secondsPerEpoch: pace.secondsPerEpoch(), secondsLeft: pace.secondsLeft() }
      send({ type: 'progress', epoch, step: stepsDone(), stepsPerEpoch, partialTrainLoss: trainLoss(), ...times })
    }
    return active.length > 1
  }

  active.forEach((training) => training.begin(epoch))
  try {
    while (active.some((training) => !training.isDone())) {
      for (const training of active.filter((one) => !one.isDone())) {
        if (!(await control.mayGoOn())) return null
        await training.train(control, ({ images }) => afterCall(training, images))
      }
    }
    const end = endEpoch(tools, active)
    end.catch(() => undefined) // answered to whoever saves the epoch
    return { epoch, trainLoss: trainLoss(), end }
  } finally {
    await fresh.settled() // they must not be told after the epoch's end
  }
}

/**
 * Asks for all that is kept of an epoch, before the next epoch's steps are asked for. Groups that are not `active` have not changed:
 * what they last answered is taken.
 */
async function endEpoch(tools: EpochTools, active: readonly GroupTraining[]): Promise<EpochEnd> {
  const { groups, ends, pace, seconds } = tools
  const answered = await Promise.all(
    groups.map((training) => {
      const last = ends.get(training)
      if (last && !active.includes(training)) return last
      const fresh = endOfGroup(training, tools)
      ends.set(training, fresh)
      return fresh
    })
  )
  const now = seconds()
  pace.evaluated(now)
  const of = <Name extends keyof GroupEnd>(name: Name) =>
    perModel(groups, (_, index) => (answered[index]?.[name] ?? []) as GroupEnd[Name][number][])
  return {
    valLoss: of('valLoss'),
    valMse: of('valMse'),
    states: of('states'),
    digits: Buffer.concat(of('digits')),
    seconds: now
  }
}

/** The calls are made at once, so that no later one comes between them. */
async function endOfGroup({ session }: GroupTraining, { experiment, test, probes }: EpochTools): Promise<GroupEnd> {
  const answers = [
    evaluate(session, test, lossOf(experiment)),
    session.save(),
    reconstruct(session, test, probes)
  ] as const
  const [evaluation, states, digits] = await Promise.all(answers)
  return { ...evaluation, states, digits }
}

/** What each group says of its models, in the order of the run's models. */
export function perModel<Value, Group extends Pick<GroupTraining, 'group'>>(
  groups: readonly Group[],
  values: (group: Group, index: number) => Value[]
): Value[] {
  const all: Value[] = []
  groups.forEach((one, index) => {
    const own = values(one, index)
    one.group.indices.forEach((model, rank) => (all[model] = own[rank] as Value))
  })
  return all
}

/** The probes' reconstructions by all models, [models × probes × size] uint8. */
export async function digitsOf(groups: GroupTraining[], test: Images, probes: readonly number[]): Promise<Uint8Array> {
  const drawn = await Promise.all(groups.map(({ session }) => reconstruct(session, test, probes)))
  return Buffer.concat(perModel(groups, (_, index) => drawn[index] ?? []))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Throws LabError `diverged` naming the first tensor that holds NaN or infinity, which can be where the losses are still finite. */
export function checkFiniteStates(states: ModelState[], models: ModelConfig[]): void {
  models.forEach((model, index) => {
    const tensor = notFinite(model, states[index] as ModelState)
    if (tensor === null) return
    const { label, learningRate } = model
    throw new LabError('diverged', `Training diverged: the state of ${label} became NaN or infinite`, {
      found: `such values in ${tensor} at learning rate ${learningRate}`,
      expected: 'finite weights and optimizer slots',
      remedy: SMALLER_RATE
    })
  })
}

/** Throws LabError `diverged` naming the first model whose loss became NaN or infinite. */
export function checkFinite(losses: number[], models: ModelConfig[]): void {
  const index = losses.findIndex((loss) => !Number.isFinite(loss))
  const model = models[index]
  if (!model) return
  throw new LabError('diverged', `Training diverged: the loss of ${model.label} became NaN or infinite`, {
    found: `loss ${losses[index]} at learning rate ${model.learningRate}`,
    expected: 'a finite loss',
    remedy: SMALLER_RATE
  })
}
