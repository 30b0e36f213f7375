// What the scripts for Keras and PyTorch share: values as Python writes them, the models of the experiment, images and charts.
import { modelsOf } from '@shared/experiment'
import type { ModelConfig, Optimizer } from '@shared/model'
import { plainJson, plainText } from '@shared/plain-text'
import type { RunFile } from '@shared/run'

/** A section of a script, or a cell of a notebook: what it is, in a line without user's text, and code that ends without a line break. */
export interface Cell {
  title: string
  code: string
}

/** What is known of a run from which its experiment is repeated. */
export type RepeatedRun = Pick<RunFile, 'id' | 'experiment' | 'dataset' | 'versions'>

/** A text as a Python literal, whatever stands in it: JSON's escapes are Python's too. */
export const pythonText = (text: string) => plainJson(text)

/** A text for a comment: on one line. */
export const commentText = (text: string) => plainText(text)

function models({ experiment, dataset }: RepeatedRun): ModelConfig[] {
  return modelsOf(experiment, dataset.rows * dataset.columns)
}

/** The models as a list of dicts, one a line. */
function modelsCode(run: RepeatedRun): string {
  const lines = models(run).map(({ id, layers, optimizer, learningRate, loss, batchSize, epochs, seed }) => {
    const chain = layers.map(({ units, activation }) => `(${units}, "${activation}")`).join(', ')
    const training = `optimizer="${optimizer}", learning_rate=${learningRate}, loss="${loss}", batch_size=${batchSize}`
    return `    dict(id=${pythonText(id)}, layers=[${chain}], ${training}, epochs=${epochs}, seed=${seed}),`
  })
  return `# layers: (units, activation) of all dense layers; the first half is the encoder, whose last layer is the code
MODELS = [\n${lines.join('\n')}\n]`
}

/** What a tool adds to the sections that all scripts have. */
export interface ToolCode {
  /** By the data set's name: code that loads it with the tool's own loader, into `train` and `test`. */
  loaders: Readonly<Record<string, string>>
  /** Goes on from the list of models, before the images. */
  definitions?: string
  /** Comes between the images and the training. */
  extra?: Cell
  /** `build(config)`, and `train_model(config, train_images, test_images)`, which may call `errors_of`. */
  build: string
  train: string
}

/** All but the settings: `data_folder`, `epochs_limit`, `train_limit` and `show(figure, name)` must be there before. */
export function experimentCells(run: RepeatedRun, { loaders, definitions, extra, build, train }: ToolCode): Cell[] {
  const experiment = [`${dataConstants(run)}\n${modelsCode(run)}`, ...(definitions ? [definitions] : [])]
  return [
    { title: 'The experiment', code: experiment.join('\n') },
    { title: 'Images', code: imagesCode(run, loaders[run.experiment.dataset] ?? null) },
    ...(extra ? [extra] : []),
    { title: 'Training', code: [build, errorsCode, train].join('\n\n\n') },
    { title: 'Charts', code: plotsCode },
    { title: 'Train all models and compare them', code: runCode }
  ]
}

/** The optimizers that the models are trained with, each once. */
export function usedOptimizers(run: RepeatedRun): Optimizer[] {
  return [...new Set(models(run).map(({ optimizer }) => optimizer))]
}

/** Constants of the data set. */
function dataConstants({ dataset, experiment }: RepeatedRun): string {
  return `ROWS, COLUMNS = ${dataset.rows}, ${dataset.columns}
TRAIN_IMAGES = ${experiment.base.trainLimit}  # the first so many`
}

/**
 * `load_images()`: training and test images, [count, pixels] float32 from 0 to 1. `own` is the code that loads them with the tool's own
 * loader, into `train` and `test`; null where it has none for this data set.
 */
function imagesCode({ dataset, experiment }: RepeatedRun, own: string | null): string {
  const without =
    own ?? `raise SystemExit("Name the folder of the data set's four IDX files: " ${pythonText(experiment.dataset)})`
  return `def read_idx(folder, name):
    """The bytes of an IDX file, compressed or not, in its shape."""
    plain, packed = Path(folder, name), Path(folder, name + ".gz")
    content = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", dimensions, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def load_images():
    """Training and test images: [count, pixels], 0 to 1. SHA-256 of the four IDX files one after another: ${/^[0-9a-f]{64}$/.test(dataset.sha256) ? dataset.sha256 : 'not known'}"""
    if data_folder is not None:
        train = read_idx(data_folder, "train-images-idx3-ubyte")
        test = read_idx(data_folder, "t10k-images-idx3-ubyte")
    else:
${without.replace(/^/gm, '        ')}
    if train.shape[1:] != (ROWS, COLUMNS):
        raise SystemExit(f"Images of {train.shape[1:]} pixels were found, {ROWS} × {COLUMNS} expected")
    pixels = lambda images: images.reshape(len(images), -1).astype("float32") / 255
    return pixels(train[: train_limit or TRAIN_IMAGES]), pixels(test)`
}

/** `plot_all(results, originals)`: losses by epoch, the last ones side by side, and what became of the first ten test images. */
const plotsCode = `def plot_losses(results):
    """Training and validation loss of each model by epoch."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 4), sharey=True, layout="constrained")
    for axis, key, title in zip(axes, ("train", "val"), ("Training", "Validation")):
        for result in results:
            axis.plot(range(1, len(result[key]) + 1), result[key], label=result["id"])
        axis.set(title=title, xlabel="epoch", ylabel="loss, mean over pixels")
        axis.xaxis.get_major_locator().set_params(integer=True)
    axes[1].legend(fontsize="small")
    return figure


def plot_comparison(results):
    """Error over all test images of each model at its end."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for axis, key, title in zip(axes, ("bce", "mse"), ("Binary cross-entropy", "Mean squared error")):
        axis.plot([result[key] for result in results], "o")
        names = [result["id"] for result in results]
        axis.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
        axis.set(title=title, xlabel="model", ylabel="mean over test images and pixels")
    return figure


def plot_reconstructions(results, originals):
    """The first ten test images, and below them what each model makes of them."""
    rows = [("original", originals)] + [(result["id"], result["reconstructions"]) for result in results]
    figure, axes = plt.subplots(len(rows), len(originals), figsize=(len(originals), len(rows)), squeeze=False)
    for line, (label, images) in zip(axes, rows):
        for axis, image in zip(line, images):
            axis.imshow(image.reshape(ROWS, COLUMNS), cmap="gray", vmin=0, vmax=1)
            axis.set(xticks=[], yticks=[])
        line[0].set_ylabel(label, rotation=0, ha="right", va="center")
    return figure


def plot_all(results, originals):
    show(plot_losses(results), "losses.png")
    show(plot_comparison(results), "comparison.png")
    show(plot_reconstructions(results, originals), "reconstructions.png")`

/** `errors_of(images, reconstructions)`: BCE and MSE, as the lab compares models. */
const errorsCode = `def errors_of(images, reconstructions):
    """Binary cross-entropy in nats and mean squared error, means over images and pixels."""
    p = np.clip(reconstructions.astype("float64"), 1e-7, 1 - 1e-7)
    bce = -np.mean(images * np.log(p) + (1 - images) * np.log(1 - p))
    return float(bce), float(np.mean((images - p) ** 2))`

const runCode = `train_images, test_images = load_images()
results = [train_model(config, train_images, test_images) for config in MODELS]
for result in results:
    print(f"{result['id']}: validation loss {result['val'][-1]:.4f}, BCE {result['bce']:.4f}, MSE {result['mse']:.5f}")
plot_all(results, test_images[:10])`
