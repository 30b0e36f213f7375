// A call to a session as work for several threads: they take its tasks under the pool's lock and do them beside each other.
#pragma once
#include "session.h"

class Job {
public:
  Session *const session;
  int batches = 0; // trained, of a StepsJob
  // The caller's:
  void (*ended)(Job *) = nullptr; // called by the thread that ends it, under the pool's lock; may free it
  void *caller = nullptr;         // for `ended`
  // The pool's:
  Job *next = nullptr;
  int underWay = 0;                    // tasks
  double begun = 0, milliseconds = 0; // from the first task's begin to the last one's end

  explicit Job(Session *session) : session(session) {}
  // All but `run` are called under the lock.
  /** Takes a task for the thread and remembers it there. False where there is none now. */
  virtual bool take(int) { return false; }
  /** Works on the task that the thread took. */
  virtual void run(int) {}
  /** The thread's task is done. True where there may be tasks now that weren't before. */
  virtual bool finish(int) { return false; }
  /** Whether no task will come any more. */
  virtual bool isComplete() const { return true; }
  /** Asks for an early end. */
  virtual void stop() {}

  /** Does the next task with the calling thread alone. False where none was left. */
  bool advanceAlone() {
    if (isComplete() || !take(0)) return false;
    run(0);
    finish(0);
    return true;
  }
};

/** A job of so many tasks, any of which may be done at any time. A stop leaves out those that no thread has taken. */
class ListJob : public Job {
  int count, taken = 0, done = 0;

public:
  ListJob(Session *session, int count) : Job(session), count(count) {}
  bool take(int thread) override {
    if (taken == count) return false;
    session->tasks[thread].index = taken++;
    return true;
  }
  bool finish(int) override {
    done++;
    return false;
  }
  bool isComplete() const override { return done == count; }
  void stop() override { count = taken; }
};
