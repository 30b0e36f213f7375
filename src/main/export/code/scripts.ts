// The experiment of a run as Python scripts and as a Jupyter notebook, by the recipe alone: the same run gives the same text.
import { builtInDataset } from '../../data/dataset'
import { kerasCells, kerasImports } from './keras-code'
import { commentText, type Cell, type RepeatedRun } from './python'
import { pytorchCells, pytorchImports } from './pytorch-code'

export function kerasScript(run: RepeatedRun): string {
  return script(run, 'Keras 3', 'keras numpy matplotlib jax', kerasImports, kerasCells(run))
}

export function pytorchScript(run: RepeatedRun): string {
  return script(run, 'PyTorch', 'torch torchvision numpy matplotlib', pytorchImports, pytorchCells(run))
}

function script(run: RepeatedRun, tool: string, packages: string, imports: string, cells: readonly Cell[]): string {
  const sections = cells.map(({ title, code }) => `# ${title}\n\n${code}\n`)
  const about = aboutLines(run, tool).map((line) => `# ${line}`)
  // the encoding comes first: a name that follows might say another, and Python takes what the first two lines say
  return `# -*- coding: utf-8 -*-
${about.join('\n')}
# Needs: pip install ${packages}
import argparse
${imports}

# Settings

parser = argparse.ArgumentParser(description="Repeats an experiment of Bottleneck Lab with ${tool}.")
parser.add_argument("--data", metavar="FOLDER", help="the folder of the data set's four IDX files${own(run)}")
parser.add_argument("--epochs", type=int, help="train fewer epochs")
parser.add_argument("--train-limit", type=int, help="train on fewer images")
parser.add_argument("--out", default=".", metavar="FOLDER", help="where the charts go")
settings = parser.parse_args()
data_folder, epochs_limit, train_limit = settings.data, settings.epochs, settings.train_limit
plt.switch_backend("Agg")


def show(figure, name):
    figure.savefig(Path(settings.out, name), dpi=150, bbox_inches="tight")
    plt.close(figure)


${sections.join('\n\n')}`
}

/** nbformat 4.5 with the Keras cells; the settings are tagged `parameters`, as papermill looks for them. */
export function notebook(run: RepeatedRun): string {
  const settings = `data_folder = None  # the folder of the data set's four IDX files${own(run)}
epochs_limit = None  # train fewer epochs
train_limit = None  # train on fewer images


def show(figure, name):
    plt.show()`
  const about = aboutLines(run, 'Keras 3').map((line) => line.replace(/[!-/:-@[-`{-~]/g, '\\$&'))
  const cells = [
    markdown(0, about.join('\n\n')),
    code(1, '%pip install --quiet keras numpy matplotlib jax'),
    code(2, kerasImports),
    { ...code(3, settings), metadata: { tags: ['parameters'] } },
    ...kerasCells(run).flatMap((cell, n) => [markdown(4 + 2 * n, `## ${cell.title}`), code(5 + 2 * n, cell.code)])
  ]
  const kernelspec = { display_name: 'Python 3', language: 'python', name: 'python3' }
  const content = { cells, metadata: { kernelspec, language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 5 }
  return `${JSON.stringify(content, null, 1)}\n`
}

const markdown = (n: number, source: string) => ({ cell_type: 'markdown', id: `cell-${n}`, metadata: {}, source })
const code = (n: number, source: string) => ({
  cell_type: 'code',
  execution_count: null,
  id: `cell-${n}`,
  metadata: {},
  outputs: [],
  source
})

function aboutLines({ id, experiment, dataset, versions }: RepeatedRun, tool: string): string[] {
  return [
    commentText(experiment.name),
    `Repeats the experiment of run ${commentText(id)} with ${tool}, by the same recipe, on ${commentText(dataset.title)}.`,
    `Written by Bottleneck Lab ${commentText(versions['bottleneck-lab'] ?? '')}. Random numbers come from another generator than the lab's:`,
    "results differ from the run's by as much as those of another seed do."
  ]
}

/** Whether the tools bring the data set themselves. */
function own({ experiment }: RepeatedRun): string {
  const isKnown = builtInDataset(experiment.dataset) !== undefined || experiment.dataset === 'fashion-mnist'
  return isKnown ? '; without it, the tool fetches them' : ''
}
