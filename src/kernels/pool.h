// The process's threads: they work on one job at a time, in the order in which the jobs came, whichever session they are of.
#pragma once
#include "atomic.h"
#include "job.h"
#include "threads.h"

class Pool {
  struct Worker {
    Pool *pool;
    pthread_t thread;
  };
  Mutex mutex;
  Condition news;
  Worker workers[MAX_THREADS];
  int number = 0, sleeping = 0;
  bool closing = false;
  Job *first = nullptr;
  Atomic<unsigned> version{0}; // of what there is to do

public:
  /** Starts threads until there are so many. False where the system gives no more. */
  bool grow(int to);
  void submit(Job *);
  /** Asks jobs for which `holds` for an early end. */
  template <class Holds> void stop(Holds holds) {
    const Lock lock(mutex);
    for (Job *job = first; job; job = job->next)
      if (holds(*job)) job->stop();
    wake();
  }
  /** Waits until none of these jobs is left, and their callers have been called. */
  template <class Holds> void drain(Holds holds) {
    const Lock lock(mutex);
    const auto isLeft = [&] {
      for (Job *job = first; job; job = job->next)
        if (holds(*job)) return true;
      return false;
    };
    while (isLeft()) waitForNews(false);
  }
  /** Ends all threads; there must be no jobs. */
  void close();

private:
  void work(int thread);
  void end(Job *);
  void wake();
  void waitForNews(bool soon);
};
