// Sessions of the kernels for tests: models, images and orders made from random numbers, jobs done by the pool.
#pragma once
#include "../../src/kernels/forward.h"
#include "../../src/kernels/pool.h"
#include "../../src/kernels/state.h"
#include "../../src/kernels/steps.h"
#include <condition_variable>
#include <mutex>
#include <random>
#include <vector>

struct TestModel {
  std::vector<int> hidden;
  Activation activation = RELU;
  Loss loss = BCE;
  double learningRate = 0.001;
  OptimizerKind optimizer = ADAM;
};

/** What Adagrad's slot begins with; those of the others begin with 0. */
constexpr float ADAGRAD_INITIAL = 0.1f;

struct TestData {
  int size, count;
  std::vector<uint8_t> pixels;
  TestData(int count, int size, double lit) : size(size), count(count), pixels((size_t)count * size) {
    std::mt19937 random(1);
    for (auto &pixel : pixels) pixel = random() < lit * 4294967295.0 ? 1 + random() % 255 : 0;
  }
  Images images() const { return {pixels.data(), count, size}; }
  std::vector<int32_t> order(int length) const {
    std::mt19937 random(2);
    std::vector<int32_t> all(length);
    for (auto &index : all) index = random() % count;
    return all;
  }
  std::vector<double> image(int index) const {
    std::vector<double> all(size);
    for (int p = 0; p < size; p++) all[p] = pixels[(size_t)index * size + p] / 255.0;
    return all;
  }
};

inline Pool &pool() {
  static Pool all;
  return all;
}

/** Hands a job to the pool and waits for its end; `meanwhile` runs in between. */
template <class Meanwhile> void done(Job &job, Meanwhile meanwhile) {
  struct End {
    std::mutex mutex;
    std::condition_variable changed;
    bool hasEnded = false;
  } end;
  job.caller = &end;
  job.ended = [](Job *job) {
    End &end = *(End *)job->caller;
    const std::lock_guard lock(end.mutex);
    end.hasEnded = true;
    end.changed.notify_all();
  };
  pool().submit(&job);
  meanwhile();
  std::unique_lock lock(end.mutex);
  end.changed.wait(lock, [&] { return end.hasEnded; });
}
inline void done(Job &job) {
  done(job, [] {});
}

/** The numbers in which a session takes these models. */
inline std::vector<double> numbersOf(const std::vector<TestModel> &models, int size, int batchSize, int threads) {
  std::vector<double> numbers = {(double)size, (double)batchSize, (double)threads, (double)models.size()};
  for (const auto &model : models) {
    for (double value : {model.learningRate, (double)model.optimizer, (double)model.loss, model.hidden.size() + 1.0}) numbers.push_back(value);
    for (int units : model.hidden) numbers.push_back(units), numbers.push_back(model.activation);
    numbers.push_back(size), numbers.push_back(SIGMOID);
  }
  return numbers;
}

/** A session with weights that depend on each model alone. */
class TestSession {
public:
  Session session;
  Problem problem;
  std::vector<float> state; // as it was last loaded or saved
  std::vector<double> steps;

  TestSession(const Kernels *kernels, const std::vector<TestModel> &models, const TestData &data, int batchSize, int threads = 2) {
    const auto numbers = numbersOf(models, data.size, batchSize, threads);
    problem = session.describe(numbers.data(), numbers.size());
    if (!problem) problem = session.open(kernels, data.images());
    if (problem) return;
    pool().grow(threads);
    steps.resize(models.size());
    for (int m = 0; m < session.modelCount; m++) {
      const size_t all = stateSize(session.models[m]), size = all / (1 + optimizers[models[m].optimizer].slots), first = state.size();
      std::mt19937 random((unsigned)size);
      state.resize(first + all, models[m].optimizer == ADAGRAD ? ADAGRAD_INITIAL : 0);
      for (size_t n = 0; n < size; n++) state[first + n] = ((float)(random() >> 8) / (1 << 24) - 0.5f) * 0.3f;
    }
    StateJob load(&session, LOAD, state.data(), steps.data());
    done(load);
  }
  const std::vector<float> &save() {
    StateJob job(&session, SAVE, state.data(), steps.data());
    done(job);
    return state;
  }
  /** Of one model, as it was saved last. */
  std::vector<float> stateOf(int m) const {
    const float *at = state.data();
    for (int n = 0; n < m; n++) at += stateSize(session.models[n]);
    return {at, at + stateSize(session.models[m])};
  }
  std::vector<float> train(const std::vector<int32_t> &order) {
    std::vector<float> losses(((order.size() - 1) / session.batchSize + 1) * session.modelCount);
    StepsJob job(&session, order.data(), (int)order.size(), losses.data());
    done(job);
    return losses;
  }
};
