// Trains a session's models on consecutive batches.
#pragma once
#include "job.h"

/**
 * Models run beside each other, each at its own pace, as long as the ring holds the batch that it needs. A thread keeps to a model for a
 * step; threads that find no model without a thread help with one. Which thread does what changes no bits: a unit does the same whoever
 * does it, and what units leave is summed in their order.
 */
class StepsJob : public Job {
  const int32_t *order;
  const int count;
  float *losses;
  const int chunksOfBatch;
  bool hasBegun = false, isStopped = false;
  int filled = 0;               // chunks that were taken to be made
  int made[MAX_RING];           // the chunk that is ready in each batch of the ring, or −1
  int waiting = 0, updating = 0; // models at the end of a deferred batch
  Atomic<bool> cancelled{false}; // the batch under way is undone

public:
  /** order[count]: indices of training images, at least one; losses[batches, models]. Both stay the caller's. */
  StepsJob(Session *, const int32_t *order, int count, float *losses);
  bool take(int thread) override;
  void run(int thread) override;
  bool finish(int thread) override;
  bool isComplete() const override;
  void stop() override;

private:
  Model &model(int m) { return session->models[m]; }
  Progress &progress(int m) const { return session->progress[m]; }
  Batch &batchOf(int chunk) { return session->ring[chunk % session->ringSize]; }
  int batchAt(int chunk) const { return chunk / chunksOfBatch; }
  int imagesOf(int batch) const { return least(session->batchSize, count - batch * session->batchSize); }
  int chunksOf(int batch) const { return (imagesOf(batch) + CHUNK - 1) / CHUNK; }
  void begin();
  void shorten();
  bool takeUnit(Task &, int m);
  bool takeFill(Task &, int ahead);
  bool hasUnits(int m) const;
  int mostBehind() const;
  void beginChunk(int m);
  void endStage(int m);
  void endChunk(int m);
  void endBatch(int m);
};
