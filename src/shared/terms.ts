// The terms of the window in plain sentences, and where each comes from: for the help where they stand and for docs/glossary.md.
// No figure of a run or a data set stands here: those are said where they are measured.
import type { HyperparameterKey } from './hyperparameters'

export interface Term {
  term: string
  says: string
  /** Who defined it, or which part of the application measures it. */
  from: string
}

export const terms = {
  autoencoder: {
    term: 'autoencoder',
    says: 'A network that is trained to answer each image with that image, through a code with fewer numbers than the image has pixels.',
    from: 'Hinton and Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, Science 2006.'
  },
  latentDimension: {
    term: 'latent dimension',
    says: 'How many numbers the code of an image has: d, the width of the bottleneck. All a model can keep of an image has to fit in them.',
    from: 'The article varies it alone.'
  },
  code: {
    term: 'code',
    says: 'The numbers that the encoder makes of an image and the decoder draws it from. Its size counts each number as a float32, 4 bytes, against one byte a pixel.',
    from: 'The output of the bottleneck layer.'
  },
  hiddenLayers: {
    term: 'hidden layers',
    says: 'Widths of the layers between image and code. The decoder has the same ones in the opposite order.',
    from: 'A choice of the experiment; the article has none.'
  },
  activation: {
    term: 'activation',
    says: 'The function that each number of the code and of the hidden layers goes through. The image’s own layer always ends in a sigmoid.',
    from: 'A choice of the experiment.'
  },
  optimizer: {
    term: 'optimizer',
    says: 'The rule that turns the gradient of a batch into a change of the weights.',
    from: 'A choice of the experiment; defaults are those of Keras.'
  },
  learningRate: {
    term: 'learning rate',
    says: 'How far one step moves the weights. Too small, and learning takes long; too large, and the loss grows instead.',
    from: 'A choice of the experiment.'
  },
  seed: {
    term: 'seed',
    says: 'The number that the first weights and the order of the images follow from. On the same device the same seed gives the same run; other seeds show how much is chance.',
    from: 'A choice of the experiment.'
  },
  epoch: {
    term: 'epoch',
    says: 'One pass over all training images, in an order shuffled anew. After each one the models are validated and their reconstructions kept.',
    from: 'A choice of the experiment says how many.'
  },
  step: {
    term: 'step',
    says: 'One change of the weights, from one batch of images.',
    from: 'Training images divided by the batch size, rounded up, make the steps of an epoch.'
  },
  batch: {
    term: 'batch',
    says: 'The images that one step learns from together. The last batch of an epoch may be smaller.',
    from: 'A choice of the experiment.'
  },
  trainImages: {
    term: 'training images',
    says: 'The images that the weights learn from. The test images that models are validated on are never among them.',
    from: 'The data set’s own parts.'
  },
  loss: {
    term: 'loss',
    says: 'What training makes smaller: how far the reconstructions are from the images, by BCE or MSE, as a mean over all pixels.',
    from: 'A choice of the experiment.'
  },
  validationLoss: {
    term: 'validation loss',
    says: 'The loss over all test images, which no step has learned from, with the weights at the end of the epoch.',
    from: 'Measured after each epoch.'
  },
  trainingLoss: {
    term: 'training loss',
    says: 'The mean loss over the batches of the epoch, each taken before its step. The weights still change meanwhile, and the test images may be the easier ones: it can lie above the validation loss. Analysis compares both with the same weights.',
    from: 'As Keras prints it.'
  },
  bce: {
    term: 'BCE',
    says: 'Binary cross-entropy, the surprise of a pixel in nats when its value is taken for a probability. Grey pixels surprise even a perfect copy, so it does not reach zero.',
    from: 'Mean over all pixels of the test images; the article’s loss.'
  },
  mse: {
    term: 'MSE',
    says: 'Mean squared error: the mean over all pixels of the squared difference between image and reconstruction, with pixels from 0 to 1. Zero is a perfect copy.',
    from: 'Over the test images; below an image, over that image.'
  },
  psnr: {
    term: 'PSNR',
    says: 'Peak signal-to-noise ratio: the squared error on a logarithmic scale, in decibels. Higher is better; ten times less squared error in an image is 10 dB more.',
    from: 'Mean over the test images, by scikit-image’s definition.'
  },
  ssim: {
    term: 'SSIM',
    says: 'Structural similarity: compares brightness, contrast and pattern in small windows of image and reconstruction. 1 is a perfect copy.',
    from: 'Wang and others, Image Quality Assessment, 2004; mean over the test images, by scikit-image’s definition.'
  },
  pca: {
    term: 'PCA',
    says: 'Principal component analysis: of all linear codes of that many numbers the one with the least squared error on the training images. A model above it by squared error does worse than the best linear code of its width.',
    from: 'Pearson 1901; fitted on the training images, measured on the test images.'
  },
  umap: {
    term: 'UMAP',
    says: 'A picture of wide codes in a plane that keeps near ones near. Distances between groups, their sizes and the axes mean nothing, and a place in it can’t be decoded.',
    from: 'McInnes, Healy and Melville 2018; 15 neighbours, least distance 0.1, begun from the first two principal components.'
  },
  interval: {
    term: '95 % interval',
    says: 'Where the figure would lie with other test images and, where there are several seeds, other trainings: the middle 95 % of what it comes to when both are drawn anew many times. With one seed it knows of images alone.',
    from: 'Paired bootstrap (Efron and Tibshirani 1993; Owen, The pigeonhole bootstrap, 2007).'
  },
  nonInferiority: {
    term: 'non-inferiority',
    says: 'A test that something is not worse by more than a margin: the whole interval of the difference has to lie below it, not the estimate alone.',
    from: 'A test of clinical trials.'
  },
  neighbourAccuracy: {
    term: 'neighbours’ accuracy',
    says: 'The share of images whose class is that of most of their nearest others by code. High where a class lies together, in whatever shape.',
    from: 'Leave-one-out over the k nearest, as scikit-learn’s KNeighborsClassifier.'
  },
  linearProbe: {
    term: 'linear probe',
    says: 'The share of images whose class a linear classifier finds by their code. High where classes can be parted by planes.',
    from: 'Ridge classifier over five folds, as scikit-learn’s RidgeClassifier.'
  },
  trustworthiness: {
    term: 'trustworthiness',
    says: 'Whether the nearest in the code are near among the pixels too: 1 where all are, less the farther off the false neighbours come from.',
    from: 'Venna and Kaski 2001.'
  },
  participationRatio: {
    term: 'participation ratio',
    says: 'Over how many directions the variance of a code is spread: d where all d have the same, 1 where one has it all.',
    from: '(Σλ)² / Σλ² of the covariance’s eigenvalues λ.'
  },
  effectiveRank: {
    term: 'effective rank',
    says: 'The same by entropy, which counts the small directions more: as many equal ones would have the same entropy.',
    from: 'Roy and Vetterli 2007: exp(H) of the covariance’s eigenvalues as shares.'
  },
  activeUnits: {
    term: 'active and dead units',
    says: 'A number of the code that changes from image to image is active; one that hardly does is dead and carries nothing.',
    from: 'Variance over the test images above 0.01 (Burda and others 2016), or below one in a million.'
  },
  intrinsicDimension: {
    term: 'intrinsic dimension',
    says: 'How many numbers would describe where points lie, as their distances tell. It depends on the scale at which one looks: noise has many dimensions from nearby.',
    from: 'Estimated from the distances to nearest neighbours.'
  },
  mleDimension: {
    term: 'MLE',
    says: 'The intrinsic dimension that makes the distances to the k nearest neighbours most likely. The larger k, the larger the scale.',
    from: 'Levina and Bickel 2004; mean by MacKay and Ghahramani.'
  },
  twoNN: {
    term: 'TwoNN',
    says: 'The intrinsic dimension by how much farther the second nearest neighbour is than the nearest: a view from nearby, from farther with fewer points.',
    from: 'Facco and others 2017; the largest tenth of the ratios left out.'
  },
  rateDistortion: {
    term: 'rate–distortion curve',
    says: 'The least squared error that any code of so many bytes could have, if images were Gaussian with the same covariance. They are not, so a model can get below it.',
    from: 'Reverse water-filling, Cover and Thomas 2006.'
  },
  generalisationGap: {
    term: 'generalisation gap',
    says: 'How much greater the error of the test images is than that of the images trained on, with the same weights: what was learned by heart.',
    from: 'Measured over both parts of the data set.'
  },
  gapClosed: {
    term: 'gap closed',
    says: 'How much of the way from the mean image’s loss to a perfect copy’s the validation loss has gone: 0 % is the mean image, 100 % a perfect copy.',
    from: '(mean image − loss) / (mean image − perfect copy). “Below 0 %” is worse than the mean image; bars and dots end there at 0.'
  },
  meanDigit: {
    term: 'mean image',
    says: 'The loss of answering every image with the same one, the mean of the training images: of MNIST the mean digit. A model that sits there has learned nothing of the single images yet.',
    from: 'Computed from the data alone.'
  },
  perfectCopy: {
    term: 'perfect copy',
    says: 'The loss of answering every image with itself. By BCE it is not zero, because a grey pixel has an entropy; no model can go below it.',
    from: 'Computed from the test images alone.'
  },
  diverged: {
    term: 'diverged',
    says: 'The validation loss is more than four times the mean image’s, or no number: the steps have led away from a solution. A smaller learning rate may help.',
    from: 'A rule of this application.'
  },
  reconstruction: {
    term: 'reconstruction',
    says: 'The image that a model draws from its code of the original. The number below it is its squared error (MSE).',
    from: 'Fixed test images, with the weights at the end of the epoch.'
  },
  log: {
    term: 'log axis',
    says: 'The distance of the loss to a perfect copy on a logarithmic axis: steps of the same height are the same factor.',
    from: 'Loss − loss of a perfect copy.'
  },
  device: {
    term: 'device',
    says: 'What does the arithmetic: the processor or a GPU. Results agree on every one to rounding; only the time differs.',
    from: 'The fastest that can be used, unless you choose.'
  },
  checkpoint: {
    term: 'checkpoint',
    says: 'Weights and the optimizer’s state after the last complete epoch, from which a stopped or interrupted run goes on.',
    from: 'Kept in the run’s folder.'
  }
} as const satisfies Record<string, Term>

export type TermKey = keyof typeof terms

/** The term that explains each hyperparameter. */
export const termOfHyperparameter: Readonly<Record<HyperparameterKey, TermKey>> = {
  latentDim: 'latentDimension',
  hidden: 'hiddenLayers',
  activation: 'activation',
  optimizer: 'optimizer',
  loss: 'loss',
  learningRate: 'learningRate',
  batchSize: 'batch',
  epochs: 'epoch',
  trainLimit: 'trainImages'
}

/** docs/glossary.md, as it stands in the repository. */
export function glossary(): string {
  const lines = Object.values(terms)
    .sort((a, b) => a.term.localeCompare(b.term, 'en'))
    .map(({ term, says, from }) => `**${term}**: ${says} _${from}_`)
  return `# Glossary\n\nThe terms of the window, as it explains them (\`src/shared/terms.ts\`).\n\n${lines.join('\n\n')}\n`
}
