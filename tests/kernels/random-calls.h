// Random calls to the kernels' interface, sensible ones and others: sanitizers look on.
#pragma once
#include "trained.h"

/** So many calls take steps of every optimizer. */
constexpr int ENOUGH_CALLS = 1000;

/** False where something came out that must not, or an optimizer took no step though there were enough calls. */
inline bool makeRandomCalls(const Kernels *kernels, int calls) {
  const bool areEnough = calls >= ENOUGH_CALLS;
  unsigned stepped = 0; // a bit an optimizer
  std::mt19937 random(calls);
  const auto below = [&](int most) { return (int)(random() % most); };
  bool isGood = true;
  while (calls > 0) {
    // A description, now and then with a wrong number in it.
    const int size = below(12) == 0 ? 1 + below(400) : 1 + below(40), count = 1 + below(40), models = 1 + below(3);
    const TestData data(count, size, below(2) ? 0.2 : 0.9);
    std::vector<double> numbers = {(double)size, below(20) == 0 ? 1.0 + below(2000) : 1.0 + below(40), 1.0 + below(4), (double)models};
    for (int m = 0; m < models; m++) {
      const int layers = 1 + below(4);
      const double rates[] = {0.001, 0.3, 20};
      for (double value : {rates[below(3)], (double)below(OPTIMIZERS), (double)below(2), layers + 1.0}) numbers.push_back(value);
      for (int l = 0; l < layers; l++) numbers.push_back(1 + below(below(10) == 0 ? 150 : 20)), numbers.push_back(below(4));
      numbers.push_back(size), numbers.push_back(SIGMOID);
    }
    const double wrong[] = {-1, 0, 0.5, 1e9, 1e300, NAN, INFINITY, -INFINITY, 65'537};
    const bool isWrong = below(3) == 0;
    if (isWrong) numbers[random() % numbers.size()] = wrong[below(9)];
    if (below(10) == 0) numbers.resize(random() % numbers.size() + below(2));
    Session session;
    calls--;
    if (session.describe(numbers.data(), numbers.size()) || session.train.size != size || session.bytes > 200e6) continue;
    if (session.open(kernels, data.images()) || !pool().grow(session.threads)) continue;
    uint64_t stateFloats = 0;
    for (int m = 0; m < session.modelCount; m++) stateFloats += stateSize(session.models[m]);
    std::vector<float> state(stateFloats);
    std::vector<double> steps(session.modelCount);
    for (auto &value : state) value = ((float)(random() >> 8) / (1 << 24) - 0.5f) * 0.3f;
    for (int n = below(12); n >= 0; n--, calls--) {
      switch (below(6)) {
      case 0: {
        StateJob job(&session, below(2) ? SAVE : LOAD, state.data(), steps.data());
        done(job);
        break;
      }
      case 1: {
        const auto indices = data.order(1 + below(below(10) == 0 ? 300 : 10));
        const int values = 1 + below(15);
        std::vector<float> answers(indices.size() * ForwardJob::answerSize(session, values));
        ForwardJob job(&session, data.images(), indices.data(), (int)indices.size(), values, answers.data());
        done(job);
        break;
      }
      default: {
        const auto order = data.order(1 + below(below(20) == 0 ? 1200 : 40));
        std::vector<float> losses(((order.size() - 1) / session.batchSize + 1) * session.modelCount);
        StepsJob job(&session, order.data(), (int)order.size(), losses.data());
        const bool stops = below(3) == 0;
        done(job, [&] {
          if (stops) pool().stop([&](const Job &own) { return own.session == &session; });
        });
        for (int m = 0; job.batches > 0 && m < session.modelCount; m++) stepped |= 1u << session.models[m].optimizer;
        isGood &= job.batches >= 0 && job.batches <= (int)losses.size() && (stops || job.batches * session.modelCount == (int)losses.size());
      }
      }
    }
  }
  return isGood && (!areEnough || stepped == (1u << OPTIMIZERS) - 1);
}
