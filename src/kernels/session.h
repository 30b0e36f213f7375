// A session: models that share their batches, and all memory that they take.
#pragma once
#include "kernels.h"
#include "optimizers.h"

/** What a description may say at most. */
constexpr int MAX_UNITS = 1 << 16, MAX_SIZE = 1 << 20, MAX_MODELS = 1 << 10;
constexpr int MAX_RING = 4, MAX_THREADS = 1024;

/** Why something can't be done: `code` is null where it can. */
struct Problem {
  const char *code, *sentence;
  explicit operator bool() const { return code != nullptr; }
};

/** How far a model is within a call. */
struct Progress {
  int chunk;              // that it works on or waits for
  int stage;              // in order; below 0 while it works on none
  int next, done, units;  // of the stage: taken, done, all
  int threads;            // that keep to it
};
/** What a thread has taken. */
struct Task {
  int index;        // of a ListJob's task
  int model, chunk; // that it keeps to; model −1: none
  int fill;         // chunk that it makes, or −1
  Unit unit;
};

struct Session {
  const Kernels *kernels = nullptr;
  Images train = {};
  Form form = LISTS;
  int batchSize = 0, threads = 0, modelCount = 0;
  /** Updates wait for the end of the batch in all models, so that it can be undone: where it takes long, or has several chunks. */
  bool isDeferred = false;
  /** Chunks that are made ahead of the slowest model, itself counted. */
  int ringSize = 0;

  Model *models = nullptr;
  Batch ring[MAX_RING];
  Scratch *scratch = nullptr; // [threads]
  Progress *progress = nullptr; // [models]
  Task *tasks = nullptr;      // [threads]
  void *modelMemory = nullptr, *memory = nullptr;
  /** What it takes beside the images; before `open` as for lists, which but for the smallest images take more than a matrix. */
  uint64_t bytes = 0;

  Session() {}
  Session(const Session &) = delete;
  ~Session() { free(modelMemory), free(memory); }

  /**
   * Takes models from numbers: size, batch size, threads, models; of each model learning rate, optimizer, loss, layers; of each layer
   * units, activation. The training images follow with `open`.
   */
  Problem describe(const double *numbers, size_t count);
  /** Takes its memory. The images must stay where they are. */
  Problem open(const Kernels *kernels, Images train);

private:
  void measure();
  void layOut(Arena &arena);
  void chooseRing();
};

/** Floats of a model's state: values and each slot in turn, each all tensors in order (weights [inputs, units] row-major, bias). */
uint64_t stateSize(const Model &);
