// See forward.h.
#include "forward.h"

static constexpr Value order[] = {BCE_VALUE, MSE_VALUE, RECONSTRUCTION_VALUE, CODE_VALUE};

uint64_t ForwardJob::answerSize(const Session &session, int values) {
  uint64_t size = 0;
  for (const Value value : order)
    for (int m = 0; values & value && m < session.modelCount; m++) size += widthOf(session.models[m], value);
  return size;
}

ForwardJob::ForwardJob(Session *session, Images images, const int32_t *indices, int count, int values, float *answers)
    : Job(session), images(images), indices(indices), count(count), values(values), answers(answers) {}

bool ForwardJob::take(int thread) {
  if (next == blocksOf(count)) return false;
  session->tasks[thread].fill = next++;
  return true;
}

void ForwardJob::run(int thread) {
  const int first = session->tasks[thread].fill * BLOCK;
  Scratch &scratch = session->scratch[thread];
  scratch.block.fill(images, indices + first, least(BLOCK, count - first));
  for (int m = 0; m < session->modelCount; m++) {
    const Model &model = session->models[m];
    float *of[4] = {}, *at = answers;
    for (int v = 0; v < 4; v++)
      for (int n = 0; values & order[v] && n < session->modelCount; n++) {
        const uint64_t width = widthOf(session->models[n], order[v]);
        if (n == m) of[v] = at + first * width;
        at += count * width;
      }
    session->kernels->answer(model, scratch, {of[0], of[1], of[2], of[3]});
  }
}

bool ForwardJob::finish(int) {
  done++;
  return false;
}
