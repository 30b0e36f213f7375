// See self-test.h.
#include "self-test.h"
#include "forward.h"
#include "state.h"
#include "steps.h"
#include "threads.h"
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
constexpr int ANSWERS = BATCH * (2 + 2 + 2 * SIZE + 20 + 3);
constexpr unsigned MOST_SECONDS = 10;

/** A data set in each form, with what double precision makes of it. */
constexpr struct Case {
  unsigned litOfFour; // pixels
  bool isDeferred;
  double losses[MODELS], answers; // of the last step; mean of the answers to a batch, each times a factor by its place
} cases[] = {{1, false, {0.651256, 0.174121}, 1.467488}, {3, true, {0.689393, 0.114808}, 1.542378}};
constexpr double TOLERANCE = 1e-5;
bool isNear(double a, double b) { return a - b < TOLERANCE && b - a < TOLERANCE; }

/** 16 bits at a time; the same everywhere. */
struct Random {
  uint32_t state = 1;
  uint32_t next() { return (state = state * 1664525u + 1013904223u) >> 16; }
};

/** All that the test of a case needs. All memory is allocated before fork: little may be called in the child. */
struct Test {
  const Case &known;
  Session session;
  uint8_t pixels[COUNT * SIZE];
  int32_t order[ORDER];
  float losses[3 * MODELS], answers[ANSWERS];
  float *state = nullptr;
  double steps[MODELS] = {};

  explicit Test(const Case &known) : known(known) {}
  ~Test() { free(state); }

  /** A shallow model and a deep one, all four activations and both losses. */
  bool open(const Kernels *kernels) {
    const double description[] = {SIZE, BATCH,   1,    MODELS,                                        //
                                  0.01, ADAM,    BCE,  2,   20,   RELU, SIZE, SIGMOID,                //
                                  0.01, ADAM,    MSE,  4,   40,   TANH, 3,    LINEAR, 20, SIGMOID, SIZE, SIGMOID};
    Random random;
    for (uint8_t &pixel : pixels) pixel = random.next() % 4 < known.litOfFour ? random.next() % 256 : 0;
    for (int32_t &index : order) index = random.next() % COUNT;
    if (session.describe(description, sizeof description / sizeof *description)) return false;
    session.isDeferred = known.isDeferred;
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
    ForwardJob forward(&session, session.train, order, BATCH, ALL_VALUES, answers);
    while (forward.advanceAlone()) {}
    double sum = 0;
    for (int n = 0; n < ANSWERS; n++) sum += answers[n] * (n % 8);
    bool isRight = isNear(sum / ANSWERS, known.answers);
    for (int m = 0; m < MODELS; m++) isRight &= isNear(losses[2 * MODELS + m], known.losses[m]);
    return isRight;
  }
};

#ifdef _WIN32
// There is no fork: a thread of its own, which an exception ends. One at a time, whichever environments ask.
Mutex oneAtATime;
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
  const Lock lock(oneAtATime);
  void *handler = AddVectoredExceptionHandler(1, endThread);
  HANDLE thread = CreateThread(nullptr, 0, testInThread, &test, 0, nullptr);
  DWORD code = 1;
  if (thread) {
    if (WaitForSingleObject(thread, 1000 * MOST_SECONDS) != WAIT_OBJECT_0) TerminateThread(thread, 1);
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
bool isRightInChild(Test &test) {
  const pid_t child = fork();
  if (child < 0) return false; // not in this process: it would take a crash with it
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
  bool works = true;
  for (const Case &known : cases) {
    Test *test = create<Test>(known);
    works = works && test && test->open(kernels) && isRightInChild(*test);
    if (test) test->~Test();
    free(test);
  }
  return works;
}
