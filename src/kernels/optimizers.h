// The optimizers that there are: what one keeps beside each parameter, and its rates at a step. Their updates: optimizers.inc.
#pragma once
#include "model.h"
#include <math.h>

enum OptimizerKind { ADAM, OPTIMIZERS };

/** Adam as Keras has it: ε is added outside the bias correction (Kingma & Ba 2015, end of section 2). */
constexpr double ADAM_BETA1 = 0.9, ADAM_BETA2 = 0.999, ADAM_EPSILON = 1e-7;

struct Optimizer {
  int slots;
  /** The factor of an update at step t, counted from 1. */
  double (*rate)(double learningRate, double t);
};

constexpr Optimizer optimizers[OPTIMIZERS] = {
    {2, [](double learningRate, double t) { return learningRate * sqrt(1 - pow(ADAM_BETA2, t)) / (1 - pow(ADAM_BETA1, t)); }},
};
