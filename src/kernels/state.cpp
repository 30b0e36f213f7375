// See state.h.
#include "state.h"

bool StateJob::take(int thread) {
  if (next == session->modelCount) return false;
  session->tasks[thread].model = next++;
  return true;
}

bool StateJob::finish(int) {
  done++;
  return false;
}

static void move(Direction direction, float &own, float &given) {
  if (direction == SAVE) given = own;
  else own = given;
}

/** Between strips and rows. Answers with what follows in `rows`. */
static float *moveWeights(Direction direction, const Layer &layer, float *strips, float *rows) {
  for (int i = 0; i < layer.inputs; i++)
    for (int j = 0; j < layer.units; j++)
      move(direction, layer.strip(strips, j / STRIP)[i * STRIP + j % STRIP], rows[(size_t)i * layer.units + j]);
  return rows + (size_t)layer.inputs * layer.units;
}

void StateJob::run(int thread) {
  const int m = session->tasks[thread].model;
  float *at = state;
  for (int n = 0; n < m; n++) at += stateSize(session->models[n]);
  Model &model = session->models[m];
  for (int slot = -1; slot < optimizers[model.optimizer].slots; slot++)
    for (int l = 0; l < model.layerCount; l++) {
      Layer &layer = model.layers[l];
      at = moveWeights(direction, layer, slot < 0 ? layer.weights.values : layer.weights.slots[slot], at);
      float *bias = slot < 0 ? layer.bias.values : layer.bias.slots[slot];
      for (int j = 0; j < layer.units; j++) move(direction, bias[j], *at++);
    }
  if (direction == SAVE) steps[m] = model.step;
  else model.step = steps[m];
}
