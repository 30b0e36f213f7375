// Threads, locks and a clock. Zig links POSIX threads on Windows too.
#pragma once
#include <pthread.h>
#include <time.h>

class Mutex {
  pthread_mutex_t handle = PTHREAD_MUTEX_INITIALIZER;
  friend class Condition;

public:
  void lock() { pthread_mutex_lock(&handle); }
  void unlock() { pthread_mutex_unlock(&handle); }
};

class Condition {
  pthread_cond_t handle = PTHREAD_COND_INITIALIZER;

public:
  void wait(Mutex &mutex) { pthread_cond_wait(&handle, &mutex.handle); }
  void wakeAll() { pthread_cond_broadcast(&handle); }
};

class Lock {
  Mutex &mutex;

public:
  explicit Lock(Mutex &mutex) : mutex(mutex) { mutex.lock(); }
  Lock(const Lock &) = delete;
  ~Lock() { mutex.unlock(); }
};

/** Milliseconds since some moment. */
inline double now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}
