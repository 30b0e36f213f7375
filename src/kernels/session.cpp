// See session.h.
#include "session.h"

/** Multiplications and additions that a slow processor does in 100 ms, within which a call must stop. */
static constexpr double WORK_OF_A_STOP = 1e9;

/** Of a pixel's loss, lists and targets, and of a parameter's update, which waits for memory, in the same measure. */
static constexpr double COST_OF_A_PIXEL = 50, COST_OF_AN_UPDATE = 50;

namespace {
/** Reads whole numbers within their ranges. */
struct Reader {
  const double *numbers;
  size_t count, at = 0;
  bool isGood = true;
  double number() {
    if (at < count) return numbers[at++];
    isGood = false;
    return 0;
  }
  int whole(int least, int most) {
    const double value = number();
    const bool fits = value >= least && value <= most && value == (double)(int)value;
    isGood &= fits;
    return fits ? (int)value : least;
  }
};
constexpr Problem badDescription = {"bad-value", "The description of the models is not usable"};
constexpr Problem noMemory = {"out-of-memory", "There is not enough memory for these models"};
} // namespace

Problem Session::describe(const double *numbers, size_t count) {
  Reader reader = {numbers, count};
  train.size = reader.whole(1, MAX_SIZE);
  batchSize = reader.whole(1, INT32_MAX);
  threads = reader.whole(1, MAX_THREADS);
  modelCount = reader.whole(1, MAX_MODELS);
  if (!reader.isGood) return badDescription;
  models = (Model *)clearedMemory(sizeof(Model) * modelCount, &modelMemory);
  if (!models) return noMemory;
  for (int m = 0; m < modelCount; m++) {
    Model &model = models[m];
    model.learningRate = reader.number();
    reader.isGood &= model.learningRate > 0 && model.learningRate <= 1e30;
    model.optimizer = reader.whole(0, OPTIMIZERS - 1);
    model.loss = (Loss)reader.whole(0, LOSSES - 1);
    model.layerCount = reader.whole(2, MAX_LAYERS);
    for (int l = 0; l < model.layerCount && reader.isGood; l++) {
      Layer &layer = model.layers[l];
      layer.inputs = l == 0 ? train.size : model.layers[l - 1].units;
      layer.units = reader.whole(1, l == model.layerCount - 1 ? MAX_SIZE : MAX_UNITS);
      layer.activation = (Activation)reader.whole(0, ACTIVATIONS - 1);
      layer.stride = strideOf(layer.units);
    }
    if (!reader.isGood || model.last().units != train.size || model.last().activation != SIGMOID) return badDescription;
    model.parts = least((stripsOf(train.size) + GROUP - 1) / GROUP, MAX_PARTS);
  }
  if (reader.at != count) return badDescription;
  chooseRing();
  measure();
  return {};
}

/** By the work that a stop may have to wait for, all batches of the ring: none of this affects the bits of the result. */
void Session::chooseRing() {
  double work = 0;
  for (int m = 0; m < modelCount; m++) {
    double weights = 0;
    for (int l = 0; l < models[m].layerCount; l++) weights += (double)models[m].layers[l].inputs * models[m].layers[l].units;
    models[m].cost = 4 * weights + COST_OF_A_PIXEL * train.size;
    work += batchSize * models[m].cost + COST_OF_AN_UPDATE * weights;
  }
  const double batches = WORK_OF_A_STOP * least(threads, 2) / work;
  isDeferred = batchSize > CHUNK || batches < 2;
  ringSize = isDeferred ? 2 : (int)(batches < MAX_RING ? batches : MAX_RING);
}

void Session::measure() {
  Arena arena(nullptr);
  layOut(arena);
  bytes = arena.size();
}

static void layOutTensor(Arena &arena, Tensor &tensor, uint64_t size, int slots, bool isDeferred) {
  tensor.values = arena.take<float>(size);
  for (int s = 0; s < slots; s++) tensor.slots[s] = arena.take<float>(size);
  tensor.gradient = isDeferred ? arena.take<float>(size) : nullptr;
}

void Session::layOut(Arena &arena) {
  const int images = least(batchSize, CHUNK);
  uint64_t widest = 0, transposed = 0, gradients = 2 * BLOCK * STRIP;
  const auto widen = [](uint64_t &most, uint64_t to) { most = to > most ? to : most; };
  for (int m = 0; m < modelCount; m++) {
    Model &model = models[m];
    for (int l = 0; l < model.layerCount; l++) {
      Layer &layer = model.layers[l];
      const uint64_t columns = (uint64_t)stripsOf(layer.units) * STRIP;
      const int slots = optimizers[model.optimizer].slots;
      layOutTensor(arena, layer.weights, columns * layer.inputs, slots, isDeferred);
      layOutTensor(arena, layer.bias, columns, slots, isDeferred);
      if (l == model.layerCount - 1) break;
      layer.outputs = arena.take<float>(images * (uint64_t)layer.stride);
      layer.gradients = arena.take<float>(images * (uint64_t)layer.stride);
      widen(widest, layer.stride);
      widen(transposed, (uint64_t)layer.units * STRIP);
    }
    model.codeGradients = arena.take<float>((uint64_t)model.parts * images * model.codeWidth());
    widen(transposed, (uint64_t)model.codeWidth() * GROUP * STRIP);
    widen(gradients, (uint64_t)model.last().inputs * GROUP * STRIP);
  }
  for (int r = 0; r < ringSize; r++) ring[r].layOut(arena, images, train.size, form, true);
  scratch = arena.take<Scratch>(threads);
  progress = arena.take<Progress>(modelCount);
  tasks = arena.take<Task>(threads);
  for (int t = 0; t < threads; t++) {
    Scratch own;
    own.logits = arena.take<float>(BLOCK * GROUP * STRIP);
    own.transposed = arena.take<float>(transposed);
    own.gradients = arena.take<float>(gradients);
    own.zeros = arena.take<float>(STRIP);
    own.block.layOut(arena, BLOCK, train.size, form, false);
    for (float *&outputs : own.outputs) outputs = arena.take<float>(BLOCK * widest);
    own.sums = arena.take<float>(BLOCK * 3 * STRIP);
    if (scratch) scratch[t] = own;
  }
}

Problem Session::open(const Kernels *with, Images images) {
  kernels = with;
  train = images;
  form = formFor(train);
  measure();
  void *first = clearedMemory(bytes, &memory);
  if (!first) return noMemory;
  Arena arena(first);
  layOut(arena);
  for (int m = 0; m < modelCount; m++) {
    const Layer &last = models[m].last();
    for (int p = last.units; p < stripsOf(last.units) * STRIP; p++) last.bias.values[p] = PADDING_BIAS;
  }
  return {};
}

uint64_t stateSize(const Model &model) {
  uint64_t size = 0;
  for (int l = 0; l < model.layerCount; l++) size += ((uint64_t)model.layers[l].inputs + 1) * model.layers[l].units;
  return (1 + optimizers[model.optimizer].slots) * size;
}
