// A group in one thread that may take only so much memory: one graph, or several that take turns.
import type { GroupJob, Group } from './group'
import { inTurn } from './in-turn'
import { join, oneByOne } from './join'

/** Opens each part of the job's models (indices) as a group of its own, and makes them one. If one can't be opened, none stays open. */
export async function openInTurns<Job extends Pick<GroupJob, 'models'>>(
  job: Job,
  parts: number[][],
  open: (job: Job) => Promise<Group>
): Promise<Group> {
  if (parts.length === 1) return open(job)
  const groups: Group[] = []
  try {
    for (const part of parts) {
      const models = part.map((index) => job.models[index] as (typeof job.models)[0])
      groups.push(await open({ ...job, models }))
    }
  } catch (error) {
    await Promise.allSettled(groups.map((group) => group.close())) // why it can't be opened is what the user has to hear
    throw error
  }
  return inTurn(join(job.models, groups, parts, oneByOne))
}
