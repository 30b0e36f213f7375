// A model as the kernels see it: dense layers, what training keeps of them, and the stages of a step with their units.
#pragma once
#include "atomic.h"
#include "batch.h"
#include "memory.h"

constexpr int MAX_LAYERS = 16, MAX_SLOTS = 2;
/** Images or rows of a unit; strips of the last layer worked on together: so that the second cache holds what a unit needs. */
constexpr int BLOCK = 128, GROUP = 7;
/** A step's gradients of the code come in at most so many parts, each from a span of pixels, and are summed in their order. */
constexpr int MAX_PARTS = 8;
/** A batch is worked through so many images at a time. A constant: sums must not depend on what else is trained. */
constexpr int CHUNK = 512;
/** Bias of the columns that fill up the last strip of pixels: its sigmoid is about 1e-38, so that they add nothing that counts to loss or gradients. */
constexpr float PADDING_BIAS = -100;

enum Activation { TANH, RELU, SIGMOID, LINEAR, ACTIVATIONS };
enum Loss { BCE, MSE, LOSSES };

constexpr int stripsOf(int columns) { return (columns + STRIP - 1) / STRIP; }
constexpr int blocksOf(int rows) { return (rows + BLOCK - 1) / BLOCK; }
constexpr int pairsOf(int columns) { return (columns + 2 * STRIP - 1) / (2 * STRIP); }
/** Floats from one row to the next: an odd number of cache lines, so that a column spreads over the cache. */
constexpr size_t strideOf(int columns) { return (size_t)(stripsOf(columns) | 1) * STRIP; }
constexpr int least(int a, int b) { return a < b ? a : b; }
constexpr int most(int a, int b) { return a > b ? a : b; }

/** Parameters with the optimizer's slots. Weights lie in strips of 16 columns: [strips, inputs, 16]; biases [strips, 16]. */
struct Tensor {
  float *values, *slots[MAX_SLOTS];
  float *gradient; // null where each update follows at once on its gradient
};

struct Layer {
  int inputs, units;
  Activation activation;
  Tensor weights, bias;
  float *outputs, *gradients; // [images of a chunk, stride]; not of the last layer, which keeps neither
  size_t stride;
  float *strip(float *of, int s) const { return of + (size_t)s * inputs * STRIP; }
};

/** What a batch's update needs: a factor that makes sums of gradients their means, the step, and the share that weight decay takes off. */
struct Rates {
  float gradient, step, decay;
};

enum StageKind {
  FORWARD,  // outputs of a layer but the last
  LAST,     // the last layer: outputs, loss, gradients of its inputs in parts, of its weights
  GATHER,   // gradients of the last layer's inputs from their parts
  BACKWARD, // gradients of a layer's inputs
  WEIGHTS,  // gradients of a layer's weights
  UPDATE    // all updates that wait for the end of a long batch
};
struct Stage {
  StageKind kind;
  int layer;
};

struct Model {
  int layerCount;
  Layer layers[MAX_LAYERS];
  Loss loss;
  int optimizer;
  double learningRate, step; // optimizer steps taken
  double cost; // of a step beside that of other models
  int parts;
  float *codeGradients; // [parts, images of a chunk, width of the last layer's inputs in whole strips]
  double partLosses[MAX_PARTS];
  // Of the batch under way:
  Rates rates;
  bool accumulate; // a chunk that is not its first adds to the gradients
  double lossSum;

  const Layer &last() const { return layers[layerCount - 1]; }
  Layer &last() { return layers[layerCount - 1]; }
  int codeWidth() const { return stripsOf(last().inputs) * STRIP; }

  /** Stages of a chunk in order: all layers forward, then back. */
  int stageCount() const { return 3 * layerCount - 2; }
  Stage stage(int n) const {
    const int hidden = layerCount - 1;
    if (n < hidden) return {FORWARD, n};
    if (n == hidden) return {LAST, hidden};
    if (n == hidden + 1) return {GATHER, hidden - 1};
    const int back = n - hidden - 2, layer = hidden - 1 - back / 2;
    return back % 2 == 0 && layer > 0 ? Stage{BACKWARD, layer} : Stage{WEIGHTS, layer};
  }

  /** Units of a stage for a chunk of so many images. Threads may work on all of them at once. */
  int unitsOf(Stage stage, int images) const {
    const Layer &layer = layers[stage.layer];
    switch (stage.kind) {
    case FORWARD: return pairsOf(layer.units) * blocksOf(images);
    case LAST: return parts;
    case GATHER: return blocksOf(images);
    case BACKWARD: return pairsOf(layer.inputs) * blocksOf(images);
    case WEIGHTS: return pairsOf(layer.units) * blocksOf(layer.inputs);
    default: return updateUnits();
    }
  }
  int updateUnits() const {
    int units = 0;
    for (int l = 0; l < layerCount; l++) units += pairsOf(layers[l].units);
    return units;
  }
};

/** A unit of a model's step and what it works on. */
struct Unit {
  Model *model;
  Stage stage;
  int index;
  const Batch *batch;
  const Atomic<bool> *cancelled; // set: nothing of the batch is wanted any more
};

/** What one thread needs while it works. */
struct Scratch {
  float *logits;     // [BLOCK, GROUP · 16]
  float *transposed; // [strips of the last layer's inputs, GROUP · 16, 16], or [units of a layer, 16]
  float *gradients;  // [inputs of the last layer, GROUP · 16], or [2, BLOCK, 16]
  float *zeros;      // [16]
  // For answers to images:
  Batch block;
  float *outputs[2]; // [BLOCK, widest stride]
  float *sums;       // [BLOCK, 3, 16]
};

/** Where the answers to a block's images go; null for what is not wanted. */
struct Answers {
  float *bce, *mse, *reconstruction, *code;
};
