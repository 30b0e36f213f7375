// Training in double precision with plain loops, written apart from the kernels: what they must agree with.
#pragma once
#include "../../src/kernels/optimizers.h"
#include <cmath>
#include <vector>

struct ReferenceLayer {
  int inputs, units;
  Activation activation;
};

/** A model: tensors as the kernels' state has them, values and slots each all tensors in order. */
class Reference {
  std::vector<ReferenceLayer> layers;
  Loss loss;
  OptimizerKind optimizer;
  double learningRate;
  size_t size = 0; // of the values
  int step = 0;

public:
  std::vector<double> state; // values, then each slot

  Reference(std::vector<ReferenceLayer> layers, Loss loss, OptimizerKind optimizer, double learningRate, const float *from)
      : layers(layers), loss(loss), optimizer(optimizer), learningRate(learningRate) {
    for (const auto &layer : layers) size += (size_t)(layer.inputs + 1) * layer.units;
    state.assign(from, from + (1 + optimizers[optimizer].slots) * size);
  }

  /** Outputs of all layers for an image; of the last its logits. */
  std::vector<std::vector<double>> outputs(const std::vector<double> &image) const {
    std::vector<std::vector<double>> all = {image};
    const double *weights = state.data();
    for (size_t l = 0; l < layers.size(); l++) {
      const auto [inputs, units, activation] = layers[l];
      const double *bias = weights + (size_t)inputs * units;
      std::vector<double> sums(bias, bias + units);
      for (int i = 0; i < inputs; i++)
        for (int j = 0; j < units; j++) sums[j] += all[l][i] * weights[(size_t)i * units + j];
      if (l + 1 < layers.size())
        for (double &sum : sums) sum = activated(activation, sum);
      all.push_back(sums);
      weights = bias + units;
    }
    return all;
  }

  static double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }
  static double crossEntropy(double y, double x) { return std::fmax(y, 0) - x * y + std::log1p(std::exp(-std::fabs(y))); }

  /** One step of the optimizer on a batch; answers with its mean loss before. */
  double train(const std::vector<std::vector<double>> &images) {
    std::vector<double> gradient(size);
    double total = 0;
    for (const auto &image : images) total += addGradient(image, gradient);
    const double share = images.size() * (double)images[0].size();
    step++;
    for (size_t n = 0; n < size; n++) update(gradient[n] / share, state[n], state[n + size], optimizers[optimizer].slots > 1 ? &state[n + 2 * size] : nullptr);
    return total / share;
  }

private:
  /** A parameter w with its slots: of Adam and AdamW m and v, of the others one. */
  void update(double g, double &w, double &slot, double *v) {
    switch (optimizer) {
    case ADAMW: w -= learningRate * ADAMW_DECAY * w; [[fallthrough]];
    case ADAM: {
      const double rate = learningRate * std::sqrt(1 - std::pow(ADAM_BETA2, step)) / (1 - std::pow(ADAM_BETA1, step));
      slot = ADAM_BETA1 * slot + (1 - ADAM_BETA1) * g;
      *v = ADAM_BETA2 * *v + (1 - ADAM_BETA2) * g * g;
      w -= rate * slot / (std::sqrt(*v) + ADAM_EPSILON);
      return;
    }
    case RMSPROP:
      slot = RMSPROP_RHO * slot + (1 - RMSPROP_RHO) * g * g;
      w -= learningRate * g / std::sqrt(slot + RMSPROP_EPSILON);
      return;
    case SGD:
      slot = SGD_MOMENTUM * slot - learningRate * g;
      w += slot;
      return;
    default:
      slot += g * g;
      w -= learningRate * g / std::sqrt(slot + ADAGRAD_EPSILON);
    }
  }
  static double activated(Activation activation, double z) {
    switch (activation) {
    case TANH: return std::tanh(z);
    case RELU: return std::fmax(z, 0);
    case SIGMOID: return sigmoid(z);
    default: return z;
    }
  }
  static double slopeOf(Activation activation, double h) {
    switch (activation) {
    case TANH: return 1 - h * h;
    case RELU: return h > 0 ? 1 : 0;
    case SIGMOID: return h * (1 - h);
    default: return 1;
    }
  }
  double addGradient(const std::vector<double> &x, std::vector<double> &gradient) const {
    const auto all = outputs(x);
    std::vector<double> delta = all.back();
    double total = 0;
    for (size_t p = 0; p < x.size(); p++) {
      const double y = delta[p], s = sigmoid(y), error = s - x[p];
      total += loss == BCE ? crossEntropy(y, x[p]) : error * error;
      delta[p] = loss == BCE ? error : 2 * error * s * (1 - s);
    }
    size_t at = size;
    for (size_t l = layers.size(); l-- > 0;) {
      const auto [inputs, units, activation] = layers[l];
      at -= (size_t)(inputs + 1) * units;
      std::vector<double> before(inputs);
      for (int i = 0; i < inputs; i++)
        for (int j = 0; j < units; j++) {
          before[i] += delta[j] * state[at + (size_t)i * units + j];
          gradient[at + (size_t)i * units + j] += delta[j] * all[l][i];
        }
      for (int j = 0; j < units; j++) gradient[at + (size_t)inputs * units + j] += delta[j];
      if (l > 0)
        for (int i = 0; i < inputs; i++) before[i] *= slopeOf(layers[l - 1].activation, all[l][i]);
      delta = before;
    }
    return total;
  }
};
