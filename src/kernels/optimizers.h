// The optimizers that there are: what one keeps beside each parameter, and its rates at a step. Their updates: optimizers.inc.
#pragma once
#include "model.h"
#include <math.h>

/** In the order of `optimizers` in src/shared/model.ts, which says what each is. */
enum OptimizerKind { ADAM, ADAMW, RMSPROP, SGD, ADAGRAD, OPTIMIZERS };

/** Constants and definitions are those of Keras 3. Adam's ε is added outside the bias correction (Kingma & Ba 2015, end of section 2). */
constexpr double ADAM_BETA1 = 0.9, ADAM_BETA2 = 0.999, ADAM_EPSILON = 1e-7;
constexpr double ADAMW_DECAY = 0.004, RMSPROP_RHO = 0.9, RMSPROP_EPSILON = 1e-7, SGD_MOMENTUM = 0.9, ADAGRAD_EPSILON = 1e-7;

struct Optimizer {
  int slots;
  /** The factor of an update at step t, counted from 1. */
  double (*rate)(double learningRate, double t);
  /** Times the learning rate the share of each parameter that a step takes off before its update. */
  double decay;
};

inline double adamRate(double learningRate, double t) {
  return learningRate * sqrt(1 - pow(ADAM_BETA2, t)) / (1 - pow(ADAM_BETA1, t));
}
inline double plainRate(double learningRate, double) { return learningRate; }

constexpr Optimizer optimizers[OPTIMIZERS] = {
    {2, adamRate, 0}, {2, adamRate, ADAMW_DECAY}, {1, plainRate, 0}, {1, plainRate, 0}, {1, plainRate, 0},
};
