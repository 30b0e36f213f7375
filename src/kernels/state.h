// Moves a session's state between its models and the caller's memory.
#pragma once
#include "job.h"
#include "session.h"

enum Direction { SAVE, LOAD };

/** A task is a model. */
class StateJob : public Job {
  const Direction direction;
  float *state;
  double *steps;
  int next = 0, done = 0;

public:
  /** state[stateSize], steps[models]: optimizer steps taken. Both stay the caller's. */
  StateJob(Session *session, Direction direction, float *state, double *steps)
      : Job(session), direction(direction), state(state), steps(steps) {}
  bool take(int thread) override;
  void run(int thread) override;
  bool finish(int) override;
  bool isComplete() const override { return done == session->modelCount; }
};
