// See self-test.h.
#include "self-test.h"
#include "session.h"
#include "state.h"
#include "steps.h"
#ifdef _WIN32
#include <windows.h>
#elif !defined(__wasm__)
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

constexpr int SIZE = 150, COUNT = 40, BATCH = 20, MODELS = 2, ORDER = 3 * BATCH - 7;

/** Losses of the last step in double precision: tests/kernels computes them anew. */
constexpr float KNOWN[MODELS] = {0.651256f, 0.174121f};
constexpr float TOLERANCE = 1e-5f;

/** 16 bits at a time; the same everywhere. */
struct Random {
  uint32_t state = 1;
  uint32_t next() { return (state = state * 1664525u + 1013904223u) >> 16; }
};

/** All that the test needs. Memory is had before the child is made, where little may be called. */
struct Test {
  Session session;
  uint8_t pixels[COUNT * SIZE];
  int32_t order[ORDER];
  float losses[3 * MODELS];
  float *state = nullptr;
  double steps[MODELS] = {};

  ~Test() { free(state); }

  /** A shallow model and a deep one, all four activations and both losses. */
  bool open(const Kernels *kernels) {
    const double description[] = {SIZE, BATCH,   1,    MODELS,                                        //
                                  0.01, ADAM,    BCE,  2,   20,   RELU, SIZE, SIGMOID,                //
                                  0.01, ADAM,    MSE,  4,   40,   TANH, 3,    LINEAR, 20, SIGMOID, SIZE, SIGMOID};
    Random random;
    for (uint8_t &pixel : pixels) pixel = random.next() % 4 == 0 ? random.next() % 256 : 0;
    for (int32_t &index : order) index = random.next() % COUNT;
    if (session.describe(description, sizeof description / sizeof *description)) return false;
    if (session.open(kernels, {pixels, COUNT, SIZE})) return false;
    uint64_t size = 0;
    for (int m = 0; m < MODELS; m++) size += stateSize(session.models[m]);
    state = (float *)calloc(size, sizeof(float));
    if (!state) return false;
    float *at = state;
    for (int m = 0; m < MODELS; at += stateSize(session.models[m++]))
      for (uint64_t n = 0; n < stateSize(session.models[m]) / 3; n++) at[n] = (random.next() / 65536.0f - 0.5f) * 0.4f;
    return true;
  }
  bool isRight() {
    const FlushDenormals flush;
    StateJob load(&session, LOAD, state, steps);
    while (load.advanceAlone()) {}
    StepsJob train(&session, order, ORDER, losses);
    while (train.advanceAlone()) {}
    for (int m = 0; m < MODELS; m++) {
      const float difference = losses[2 * MODELS + m] - KNOWN[m];
      if (!(difference < TOLERANCE && difference > -TOLERANCE)) return false;
    }
    return true;
  }
};

#ifdef _WIN32
// There is no fork: a thread of its own, which an exception ends.
Atomic<DWORD> testing{0};
LONG CALLBACK endThread(EXCEPTION_POINTERS *) {
  if (GetCurrentThreadId() != testing.load()) return EXCEPTION_CONTINUE_SEARCH;
  ExitThread(1);
}
DWORD WINAPI testInThread(void *test) {
  testing.store(GetCurrentThreadId());
  return ((Test *)test)->isRight() ? 0 : 1;
}
bool isRightInChild(Test &test) {
  void *handler = AddVectoredExceptionHandler(1, endThread);
  HANDLE thread = CreateThread(nullptr, 0, testInThread, &test, 0, nullptr);
  DWORD code = 1;
  if (thread) {
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
  }
  RemoveVectoredExceptionHandler(handler);
  return code == 0;
}
#elif defined(__wasm__)
bool isRightInChild(Test &test) { return test.isRight(); }
#else
constexpr unsigned MOST_SECONDS = 10;

bool isRightInChild(Test &test) {
  const pid_t child = fork();
  if (child < 0) return test.isRight();
  if (child == 0) {
    const int signals[] = {SIGILL, SIGSEGV, SIGBUS, SIGFPE, SIGTRAP, SIGABRT, SIGALRM};
    for (const int number : signals) signal(number, SIG_DFL);
    alarm(MOST_SECONDS);
    _exit(test.isRight() ? 0 : 1);
  }
  int status = 1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return status == 0;
}
#endif
} // namespace

bool selfTest(const Kernels *kernels) {
  Test *test = create<Test>();
  const bool works = test && test->open(kernels) && isRightInChild(*test);
  if (test) test->~Test();
  free(test);
  return works;
}
