// Moves a session's state between its models and the caller's memory.
#pragma once
#include "job.h"

enum Direction { SAVE, LOAD };

/** A task is a model. */
class StateJob : public ListJob {
  const Direction direction;
  float *const state;
  double *const steps;

  template <class Number> void move(Number &own, Number &given) const {
    if (direction == SAVE) given = own;
    else own = given;
  }
  /** Between strips and rows. Answers with what follows in `rows`. */
  float *moveWeights(const Layer &layer, float *strips, float *rows) const {
    for (int i = 0; i < layer.inputs; i++)
      for (int j = 0; j < layer.units; j++) move(layer.strip(strips, j / STRIP)[i * STRIP + j % STRIP], rows[(size_t)i * layer.units + j]);
    return rows + (size_t)layer.inputs * layer.units;
  }

public:
  /** state[stateSize of all models], steps[models]: optimizer steps taken. Both stay the caller's. */
  StateJob(Session *session, Direction direction, float *state, double *steps)
      : ListJob(session, session->modelCount), direction(direction), state(state), steps(steps) {}

  void run(int thread) override {
    const int m = session->tasks[thread].index;
    float *at = state;
    for (int n = 0; n < m; n++) at += stateSize(session->models[n]);
    Model &model = session->models[m];
    for (int slot = -1; slot < optimizers[model.optimizer].slots; slot++)
      for (int l = 0; l < model.layerCount; l++) {
        Layer &layer = model.layers[l];
        at = moveWeights(layer, slot < 0 ? layer.weights.values : layer.weights.slots[slot], at);
        float *bias = slot < 0 ? layer.bias.values : layer.bias.slots[slot];
        for (int j = 0; j < layer.units; j++) move(bias[j], *at++);
      }
    move(model.step, steps[m]);
  }
};
