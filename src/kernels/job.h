// A call to a session as work for several threads: they take its tasks under the pool's lock and do them beside each other.
#pragma once

struct Session;

class Job {
public:
  Session *const session;
  /** Called by the thread that ends it, without a lock. */
  void (*ended)(Job *) = nullptr;
  void *caller = nullptr; // for `ended`
  double id = 0;          // by which `stop` finds it
  int batches = 0;         // trained, of a StepsJob
  double milliseconds = 0; // from the first task's begin to the last one's end
  // The pool's:
  Job *next = nullptr;
  double begun = 0;
  int underWay = 0; // tasks

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
