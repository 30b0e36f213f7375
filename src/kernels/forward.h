// A session's answers to images.
#pragma once
#include "job.h"
#include "session.h"

/** Values that may be wanted, as bits; in this order in the answers. */
enum Value { BCE_VALUE = 1, MSE_VALUE = 2, RECONSTRUCTION_VALUE = 4, CODE_VALUE = 8, ALL_VALUES = 15 };

/** A task is a block of images for all models. */
class ForwardJob : public Job {
  const Images images;
  const int32_t *indices;
  const int count, values;
  float *answers;
  int next = 0, done = 0;

public:
  /** answers[values that are wanted][models][count × 1, 1, size, units of the code]. All stays the caller's. */
  ForwardJob(Session *, Images images, const int32_t *indices, int count, int values, float *answers);
  bool take(int thread) override;
  void run(int thread) override;
  bool finish(int) override;
  bool isComplete() const override { return done == blocksOf(count); }

  /** Floats of the answers to one image in one of the values. */
  static uint64_t widthOf(const Model &model, Value value) {
    if (value == CODE_VALUE) return model.layers[model.layerCount / 2 - 1].units;
    return value == RECONSTRUCTION_VALUE ? model.last().units : 1;
  }
  static uint64_t answerSize(const Session &, int values);
};
