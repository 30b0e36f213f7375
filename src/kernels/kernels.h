// What the kernels offer, whichever instruction set they were compiled for.
#pragma once
#include "model.h"

struct Kernels {
  const char *name;
  /** Works on one unit of a model's step. */
  void (*run)(const Unit &, Scratch &);
  /** A model's answers to scratch.block. */
  void (*answer)(const Model &, Scratch &, const Answers &);
};

/** Those that this processor runs, fastest first; null after the last. */
const Kernels *kernelsAt(int index);
/** Null where this processor has no such set. */
const Kernels *kernelsNamed(const char *name);

/** Whether processors of this kind have a mode in which numbers below a float's normal range count as 0: they take many times as long. */
#if defined(__x86_64__) || defined(__aarch64__)
constexpr bool CAN_FLUSH = true;
#else
constexpr bool CAN_FLUSH = false;
#endif

/** While this lives, the thread is in that mode, where there is one. */
class FlushDenormals {
  [[maybe_unused]] uint64_t before;

public:
  FlushDenormals();
  FlushDenormals(const FlushDenormals &) = delete;
  ~FlushDenormals();
};
