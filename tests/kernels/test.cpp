// The kernels' own test program: test [instruction set | all] [random calls].
#include "../../src/kernels/self-test.h"
#include "random-calls.h"
#include "reference.h"
#include "trained.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

static const char *const optimizerNames[OPTIMIZERS] = {"adam", "adamw", "rmsprop", "sgd", "adagrad"};
static int failures = 0, checks = 0;
static void check(bool holds, const char *what, const std::string &where) {
  checks++;
  if (holds) return;
  failures++;
  printf("FAILED: %s (%s)\n", what, where.c_str());
}

/** The greater difference; NaN, once it has come, stays. */
static double worse(double worst, double difference) { return std::isnan(worst) || difference <= worst ? worst : difference; }

/** Bit for bit. */
static bool same(const std::vector<float> &a, const std::vector<float> &b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/** Steps of a session against double precision: losses within 1e-6, weights within 1e-5. */
static void testSteps(const Kernels *kernels, const char *name, double lit, int size, int batchSize, int steps, std::vector<TestModel> models) {
  const TestData data(60, size, lit);
  const auto order = data.order(batchSize * steps - (batchSize > 1)); // the last batch is smaller
  TestSession own(kernels, models, data, batchSize);
  const auto start = own.state;
  const auto losses = own.train(order);
  own.save();
  size_t at = 0;
  double lossError = 0, weightError = 0;
  for (size_t m = 0; m < models.size(); m++) {
    std::vector<ReferenceLayer> layers;
    for (int units : models[m].hidden) layers.push_back({layers.empty() ? size : layers.back().units, units, models[m].activation});
    layers.push_back({layers.back().units, size, SIGMOID});
    Reference reference(layers, models[m].loss, models[m].optimizer, models[m].learningRate, start.data() + at);
    for (int step = 0; step < steps; step++) {
      std::vector<std::vector<double>> batch;
      for (int i = step * batchSize; i < (step + 1) * batchSize && i < (int)order.size(); i++) batch.push_back(data.image(order[i]));
      lossError = worse(lossError, std::fabs(reference.train(batch) - losses[step * models.size() + m]));
    }
    const auto state = own.stateOf((int)m);
    const size_t parameters = state.size() / (1 + optimizers[models[m].optimizer].slots);
    for (size_t n = 0; n < parameters; n++) weightError = worse(weightError, std::fabs(state[n] - reference.state[n]));
    at += state.size();
  }
  check(lossError < 1e-6 && weightError < 1e-5, "as double precision has it",
        std::string(kernels->name) + ", " + name + ": losses " + std::to_string(lossError * 1e6) + "e-6, weights " + std::to_string(weightError * 1e6) + "e-6");
}

/** Answers to images against double precision. */
static void testForward(const Kernels *kernels, double lit) {
  const TestData data(300, 75, lit);
  TestSession own(kernels, {{{9}}, {{20, 3, 20}, TANH}}, data, 10);
  const auto indices = data.order(300);
  std::vector<float> answers(300 * (2 + 2 + 2 * 75 + 9 + 3));
  ForwardJob job(&own.session, data.images(), indices.data(), 300, ALL_VALUES, answers.data());
  done(job);
  const float *bce = answers.data() + 300, *mse = answers.data() + 900, *picture = answers.data() + 1200 + 300 * 75, *code = answers.data() + 1200 + 300 * 159;
  const Reference reference({{75, 20, TANH}, {20, 3, TANH}, {3, 20, TANH}, {20, 75, SIGMOID}}, BCE, ADAM, 0.001, own.stateOf(1).data());
  double error = 0;
  const auto compare = [&](double a, double b) { error = worse(error, std::fabs(a - b)); };
  for (int i = 0; i < 300; i++) {
    const auto x = data.image(indices[i]);
    const auto all = reference.outputs(x);
    double entropy = 0, square = 0;
    for (int p = 0; p < 75; p++) {
      const double s = Reference::sigmoid(all[4][p]);
      entropy += Reference::crossEntropy(all[4][p], x[p]) / 75, square += (s - x[p]) * (s - x[p]) / 75;
      compare(picture[i * 75 + p], s);
    }
    for (int k = 0; k < 3; k++) compare(code[i * 3 + k], all[2][k]);
    compare(bce[i], entropy), compare(mse[i], square);
  }
  check(error < 1e-6, "answers as double precision has them", std::string(kernels->name) + ", " + std::to_string(error * 1e6) + "e-6");
}

/** The same bits for any number of threads, any other models and any cut of the calls. */
static void testBits(const Kernels *kernels, double lit, int batchSize) {
  const TestData data(90, 240, lit);
  const std::vector<TestModel> models = {{{2}},
                                         {{130}, TANH, BCE, 0.001, RMSPROP},
                                         {{17}, RELU, MSE, 0.1, SGD},
                                         {{40, 5, 40}},
                                         {{33, 3, 33}, TANH, BCE, 0.01, ADAMW},
                                         {{20, 35, 5, 35, 20}, RELU, BCE, 0.01, ADAGRAD}};
  const int count = (int)models.size();
  const auto order = data.order(batchSize * 6 + batchSize / 2);
  std::vector<std::vector<float>> once;
  for (int threads : {1, 2, 3, 5}) {
    TestSession own(kernels, models, data, batchSize, threads);
    const auto losses = own.train(order);
    own.save();
    for (int m = 0; m < count; m++) {
      auto all = own.stateOf(m);
      for (size_t n = m; n < losses.size(); n += count) all.push_back(losses[n]);
      if (threads == 1) once.push_back(all);
      check(same(all, once[m]), "same bits with other threads", kernels->name);
    }
  }
  for (int m = 0; m < count; m++) {
    TestSession own(kernels, {models[m]}, data, batchSize, 2);
    const auto cut = order.begin() + 2 * batchSize;
    auto losses = own.train({order.begin(), cut});
    for (float loss : own.train({cut, order.end()})) losses.push_back(loss);
    auto all = own.save();
    all.insert(all.end(), losses.begin(), losses.end());
    check(same(all, once[m]), "same bits alone, in two calls", kernels->name);
  }
}

/** A stop in a call: what stands is as many batches as it says, in all models. */
static void testStop(const Kernels *kernels, int batchSize, int afterMicroseconds) {
  const TestData data(90, 240, 0.2);
  const std::vector<TestModel> models = {{{2}}, {{100}, TANH}};
  const auto order = data.order(batchSize * 200);
  TestSession own(kernels, models, data, batchSize);
  std::vector<float> losses(400);
  StepsJob job(&own.session, order.data(), (int)order.size(), losses.data());
  done(job, [&] {
    for (const double begun = now(); now() < begun + afterMicroseconds / 1000.0;) {}
    pool().stop([&](const Job &own) { return own.session == job.session; });
  });
  const auto stopped = own.save();
  check(job.batches >= 0 && job.batches <= 200, "batches of a stopped call", kernels->name);
  TestSession other(kernels, models, data, batchSize);
  if (job.batches > 0) {
    const auto all = other.train({order.begin(), order.begin() + job.batches * batchSize});
    check(std::memcmp(all.data(), losses.data(), all.size() * sizeof(float)) == 0, "losses of a stopped call", kernels->name);
  }
  check(same(other.save(), stopped) && other.steps == own.steps, "a stopped batch is undone", std::string(kernels->name) + ", batch " + std::to_string(batchSize));
}

/** What a stop may have to wait for: batches that are ahead, none of them where one alone takes long. */
static void testRing(const Kernels *kernels) {
  const auto ringOf = [](std::vector<TestModel> models, int batchSize, int threads) {
    const auto numbers = numbersOf(models, 784, batchSize, threads);
    Session session;
    session.describe(numbers.data(), numbers.size());
    return session.isDeferred ? 0 : session.ringSize;
  };
  const std::vector<TestModel> small = {{{2}}, {{128}}}, wide = {{{700}}}, large = {{{2}}, {{4096, 4096, 16, 4096, 4096}}};
  check(ringOf(small, 128, 2) == 4, "small models run ahead", kernels->name);
  check(ringOf(wide, 128, 2) == 3 && ringOf(wide, 128, 8) == 3 && ringOf(wide, 128, 1) == 0, "the ring is as long as a stop may take", kernels->name);
  check(ringOf(large, 1, 2) == 0, "updates of large models count", kernels->name);
}

/** A list of tasks that is stopped ends with those that were taken. */
static void testStopOfForward(const Kernels *kernels) {
  const TestData data(1, 20, 0.2);
  TestSession own(kernels, {{{2}}}, data, 1);
  const std::vector<int32_t> indices(10 * BLOCK);
  std::vector<float> answers(10 * BLOCK);
  ForwardJob job(&own.session, data.images(), indices.data(), 10 * BLOCK, BCE_VALUE, answers.data());
  const bool hasBegun = job.advanceAlone();
  job.stop();
  check(hasBegun && job.isComplete() && !job.advanceAlone() && answers[BLOCK] == 0, "a stopped list of tasks ends", kernels->name);
}

/** AdamW with a large decay on images that don't fill their last strip: what fills it up must never count. */
static void testPadding(const Kernels *kernels, int batchSize) {
  const TestData data(40, 50, 0.2);
  const auto order = data.order(batchSize * 60);
  TestSession own(kernels, {{{3}, TANH, BCE, 20, ADAMW}}, data, batchSize);
  own.train(order);
  const Layer &last = own.session.models[0].last();
  bool stays = true;
  for (int p = last.units; p < stripsOf(last.units) * STRIP; p++) stays &= last.bias.values[p] == PADDING_BIAS;
  check(stays, "weight decay leaves what fills up pixels alone", kernels->name);
}

static void testSelfTest(const Kernels *kernels) {
  check(selfTest(kernels), "the self-test's known answers", kernels->name);
  Kernels broken = *kernels;
  broken.run = [](const Unit &, Scratch &) { __builtin_trap(); };
  check(!selfTest(&broken), "a crash in the self-test is found", kernels->name);
  broken.run = [](const Unit &unit, Scratch &) { unit.model->partLosses[0] = 1; };
  check(!selfTest(&broken), "a wrong answer in the self-test is found", kernels->name);
  broken = *kernels;
  broken.answer = [](const Model &, Scratch &, const Answers &) {};
  check(!selfTest(&broken), "a lack of answers to images is found", kernels->name);
}

/** Takes as long as the self-test lets it. */
static void testHang(const Kernels *kernels) {
  Kernels hanging = *kernels;
  hanging.run = [](const Unit &, Scratch &) { std::this_thread::sleep_for(std::chrono::hours(1)); };
  check(!selfTest(&hanging), "a self-test that hangs comes to an end", kernels->name);
}

static void test(const Kernels *kernels) {
  check(!(worse(worse(0, NAN), 0) < 1), "NaN agrees with nothing", kernels->name);
  for (double lit : {0.2, 0.9})
    for (int activation = 0; activation < ACTIVATIONS; activation++)
      for (Loss loss : {BCE, MSE}) {
        const auto a = (Activation)activation;
        testSteps(kernels, "shallow", lit, 100, 7, 50, {{{1}, a, loss}, {{3}, a, loss}, {{20}, a, loss}, {{33}, a, loss}});
        testSteps(kernels, "deep", lit, 50, 7, 50, {{{40, 3, 40}, a, loss}, {{20, 35, 2, 17, 20}, a, loss}});
      }
  for (const auto &[optimizer, rate] : {std::pair{ADAM, 0.001}, {ADAMW, 0.01}, {RMSPROP, 0.0003}, {SGD, 0.5}, {ADAGRAD, 0.01}})
    for (double lit : {0.2, 0.9}) {
      testSteps(kernels, optimizerNames[optimizer], lit, 100, 7, 50, {{{3}, TANH, BCE, rate, optimizer}, {{20}, SIGMOID, MSE, rate, optimizer}});
      testSteps(kernels, optimizerNames[optimizer], lit, 50, 7, 50, {{{40, 35, 3, 35, 40}, TANH, BCE, rate, optimizer}});
      testSteps(kernels, optimizerNames[optimizer], lit, 40, 1100, 5, {{{9, 2, 9}, TANH, BCE, rate, optimizer}});
    }
  for (int batchSize : {10, 600}) testPadding(kernels, batchSize);
  testSteps(kernels, "digits", 0.2, 784, 4, 20, {{{3}}, {{130}}});
  testSteps(kernels, "d = 784", 0.2, 784, 2, 5, {{{784}}});
  testSteps(kernels, "one pixel", 0.5, 1, 3, 50, {{{1}}, {{2}, TANH}});
  testSteps(kernels, "colour images", 0.9, 3072, 2, 5, {{{2}}});
  testSteps(kernels, "several chunks", 0.2, 40, 1100, 5, {{{3}}, {{9, 2, 9}}});
  testSteps(kernels, "several chunks, dense", 0.9, 40, 1100, 5, {{{3}}, {{9, 2, 9}}});
  for (double lit : {0.2, 0.9}) {
    testForward(kernels, lit);
    testBits(kernels, lit, 30);
    testBits(kernels, lit, 600);
  }
  for (int microseconds : {0, 300, 3000, 20000}) {
    testStop(kernels, 30, microseconds);
    testStop(kernels, 1500, microseconds);
  }
  testRing(kernels);
  testStopOfForward(kernels);
  testSelfTest(kernels);
}

int main(int count, char **arguments) {
  const char *set = count > 1 ? arguments[1] : "all";
  const int calls = count > 2 ? atoi(arguments[2]) : 0;
  bool found = false;
  for (int n = 0; const Kernels *kernels = kernelsAt(n); n++) {
    if (strcmp(set, "all") != 0 && strcmp(set, kernels->name) != 0) continue;
    found = true;
    const int before = checks, failedBefore = failures;
    if (calls == 0) test(kernels);
    if (calls == 0 && n == 0) testHang(kernels);
    else check(makeRandomCalls(kernels, calls), "random calls", kernels->name);
    printf("%s: %d checks, %d failed\n", kernels->name, checks - before, failures - failedBefore);
    fflush(stdout);
  }
  pool().close();
  if (!found) printf("%s: not on this processor\n", set);
  return failures > 0 || !found;
}
