// Threads, locks and a clock on POSIX and Windows, without the C++ library.
#pragma once
#ifdef _WIN32
#include <windows.h>
#else
#include <pthread.h>
#include <time.h>
#endif

#ifdef _WIN32
class Mutex {
  SRWLOCK handle = SRWLOCK_INIT;
  friend class Condition;

public:
  void lock() { AcquireSRWLockExclusive(&handle); }
  void unlock() { ReleaseSRWLockExclusive(&handle); }
};
class Condition {
  CONDITION_VARIABLE handle = CONDITION_VARIABLE_INIT;

public:
  void wait(Mutex &mutex) { SleepConditionVariableSRW(&handle, &mutex.handle, INFINITE, 0); }
  void wakeAll() { WakeAllConditionVariable(&handle); }
};
class Thread {
  HANDLE handle = nullptr;
  void (*work)(void *) = nullptr;
  void *given = nullptr;

public:
  bool start(void (*what)(void *), void *with) {
    work = what, given = with;
    const auto run = [](void *self) -> DWORD { return ((Thread *)self)->work(((Thread *)self)->given), 0; };
    handle = CreateThread(nullptr, 0, run, this, 0, nullptr);
    return handle != nullptr;
  }
  void join() { WaitForSingleObject(handle, INFINITE), CloseHandle(handle); }
};
/** Milliseconds since some moment. */
inline double now() {
  LARGE_INTEGER ticks, perSecond;
  QueryPerformanceCounter(&ticks), QueryPerformanceFrequency(&perSecond);
  return 1000.0 * ticks.QuadPart / perSecond.QuadPart;
}
#else
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
class Thread {
  pthread_t handle;
  void (*work)(void *) = nullptr;
  void *given = nullptr;

public:
  bool start(void (*what)(void *), void *with) {
    work = what, given = with;
    const auto run = [](void *self) -> void * { return ((Thread *)self)->work(((Thread *)self)->given), nullptr; };
    return pthread_create(&handle, nullptr, run, this) == 0;
  }
  void join() { pthread_join(handle, nullptr); }
};
/** Milliseconds since some moment. */
inline double now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * t.tv_sec + 1e-6 * t.tv_nsec;
}
#endif

class Lock {
  Mutex &mutex;

public:
  explicit Lock(Mutex &mutex) : mutex(mutex) { mutex.lock(); }
  Lock(const Lock &) = delete;
  ~Lock() { mutex.unlock(); }
};
