// The process's threads: they work on one job at a time, in the order in which the jobs came, whichever session they are of.
#pragma once
#include "atomic.h"
#include "job.h"
#include "threads.h"

constexpr int MAX_THREADS = 1024;

class Pool {
  struct Worker {
    Pool *pool;
    Thread thread;
    int index() const { return (int)(this - pool->workers); }
  };
  Mutex mutex;
  Condition news;
  Worker workers[MAX_THREADS];
  int number = 0, sleeping = 0;
  int ending = 0; // jobs that left the queue and whose callers are being called
  bool closing = false;
  Job *first = nullptr;
  Atomic<unsigned> version{0}; // of what there is to do

public:
  /** Starts threads until there are so many. False where the system gives no more. */
  bool grow(int to);
  void submit(Job *);
  /** Asks jobs of a session for an early end: the one of this id, or all. */
  void stop(const Session *, const double *id = nullptr);
  /** Waits until no job of the session is left, and its callers have been called. */
  void drain(const Session *);
  /** Ends all threads; there must be no jobs. */
  void close();

private:
  void work(int thread);
  void end(Job *);
  void wake();
  void waitForNews(bool soon);
};
