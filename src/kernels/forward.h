// A session's answers to images.
#pragma once
#include "job.h"

/** Values that may be wanted, as bits; in this order in the answers. */
enum Value { BCE_VALUE = 1, MSE_VALUE = 2, RECONSTRUCTION_VALUE = 4, CODE_VALUE = 8, ALL_VALUES = 15 };

/** A task is a block of images for all models. */
class ForwardJob : public ListJob {
  static constexpr Value order[] = {BCE_VALUE, MSE_VALUE, RECONSTRUCTION_VALUE, CODE_VALUE};
  const Images images;
  const int32_t *indices;
  const int count, values;
  float *answers;

  /** Floats of the answers to one image in one of the values. */
  static uint64_t widthOf(const Model &model, Value value) {
    if (value == CODE_VALUE) return model.layers[model.layerCount / 2 - 1].units;
    return value == RECONSTRUCTION_VALUE ? model.last().units : 1;
  }

public:
  /** answers[values that are wanted][models][count, width of the value]. All stays the caller's. */
  ForwardJob(Session *session, Images images, const int32_t *indices, int count, int values, float *answers)
      : ListJob(session, blocksOf(count)), images(images), indices(indices), count(count), values(values), answers(answers) {}

  static uint64_t answerSize(const Session &session, int values) {
    uint64_t size = 0;
    for (const Value value : order)
      for (int m = 0; values & value && m < session.modelCount; m++) size += widthOf(session.models[m], value);
    return size;
  }

  void run(int thread) override {
    const int first = session->tasks[thread].index * BLOCK;
    Scratch &scratch = session->scratch[thread];
    scratch.block.fill(images, indices + first, least(BLOCK, count - first));
    for (int m = 0; m < session->modelCount; m++) {
      float *of[4] = {}, *at = answers;
      for (int v = 0; v < 4; v++)
        for (int n = 0; values & order[v] && n < session->modelCount; n++) {
          const uint64_t width = widthOf(session->models[n], order[v]);
          if (n == m) of[v] = at + first * width;
          at += count * width;
        }
      session->kernels->answer(session->models[m], scratch, {of[0], of[1], of[2], of[3]});
    }
  }
};
