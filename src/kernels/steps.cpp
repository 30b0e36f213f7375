// See steps.h.
#include "steps.h"

static constexpr int IDLE = -1, WAITING = -2; // stages of a model: before a chunk, and before a deferred batch's updates

StepsJob::StepsJob(Session *session, const int32_t *order, int count, float *losses)
    : Job(session), order(order), count(count), losses(losses), chunksOfBatch((session->batchSize - 1) / CHUNK + 1) {
  batches = (count - 1) / session->batchSize + 1; // fewer after a stop
}

void StepsJob::begin() {
  hasBegun = true;
  for (int m = 0; m < session->modelCount; m++) progress(m) = {0, IDLE, 0, 0, 0, 0};
  for (int t = 0; t < session->threads; t++) session->tasks[t].model = -1;
  for (int &chunk : made) chunk = -1;
}

bool StepsJob::isComplete() const {
  if (!hasBegun) return batches == 0;
  for (int m = 0; m < session->modelCount; m++)
    if (batchAt(progress(m).chunk) < batches) return cancelled.load();
  return true;
}

bool StepsJob::take(int thread) {
  if (!hasBegun) begin();
  if (isComplete()) return false;
  Task &task = session->tasks[thread];
  if (task.model >= 0) {
    if (progress(task.model).chunk == task.chunk && hasUnits(task.model)) return takeUnit(task, task.model);
    progress(task.model).threads--;
    task.model = -1;
  }
  if (takeFill(task, 1)) return true;
  const int m = mostBehind();
  if (m < 0) return takeFill(task, session->ringSize);
  progress(m).threads++;
  task.model = m;
  task.chunk = progress(m).chunk;
  return takeUnit(task, m);
}

void StepsJob::stop() {
  isStopped = true;
  if (updating == 0) shorten(); // else once the updates are done
}

/** Models that are ahead can't go back: the others follow to where the first one is. A deferred batch is left where it is. */
void StepsJob::shorten() {
  int reached = 0;
  for (int m = 0; hasBegun && m < session->modelCount; m++) {
    const Progress &at = progress(m);
    reached = most(reached, batchAt(at.chunk) + (at.stage != IDLE && !session->isDeferred ? 1 : 0));
  }
  if (reached >= batches) return;
  batches = reached;
  cancelled.store(session->isDeferred);
}

/** The next chunk, where the ring has room for it and no more than `ahead` are made beyond the fastest model's. */
bool StepsJob::takeFill(Task &task, int ahead) {
  int slowest = INT32_MAX, fastest = 0;
  for (int m = 0; m < session->modelCount; m++) {
    slowest = least(slowest, progress(m).chunk);
    fastest = most(fastest, progress(m).chunk);
  }
  if (filled > fastest + ahead || filled >= slowest + session->ringSize || batchAt(filled) >= batches) return false;
  task.fill = filled;
  const int next = filled + 1, batch = batchAt(filled);
  filled = next % chunksOfBatch < chunksOf(batch) && batchAt(next) == batch ? next : (batch + 1) * chunksOfBatch;
  return true;
}

bool StepsJob::hasUnits(int m) const {
  const Progress &at = progress(m);
  if (at.stage >= 0) return at.next < at.units;
  return at.stage == IDLE && batchAt(at.chunk) < batches && made[at.chunk % session->ringSize] == at.chunk;
}

/** Of the models with units, those without a thread first, the one with the most work before it; −1 for none. */
int StepsJob::mostBehind() const {
  int best = -1;
  double most = -1;
  for (int m = 0; m < session->modelCount; m++) {
    if (!hasUnits(m)) continue;
    const Progress &at = progress(m);
    const double left = session->models[m].cost * (batches * (double)chunksOfBatch - at.chunk);
    if (best >= 0 && (at.threads > 0 ? progress(best).threads == 0 || left <= most : progress(best).threads == 0 && left <= most)) continue;
    best = m;
    most = left;
  }
  return best;
}

bool StepsJob::takeUnit(Task &task, int m) {
  Progress &at = progress(m);
  if (at.stage == IDLE) beginChunk(m);
  const Stage stage = at.stage < model(m).stageCount() ? model(m).stage(at.stage) : Stage{UPDATE, 0};
  task.fill = -1;
  task.unit = {&model(m), stage, at.next++, &batchOf(at.chunk), &cancelled};
  return true;
}

void StepsJob::run(int thread) {
  const Task &task = session->tasks[thread];
  if (task.fill < 0) return session->kernels->run(task.unit, session->scratch[thread]);
  const int batch = batchAt(task.fill), first = task.fill % chunksOfBatch * CHUNK;
  batchOf(task.fill).fill(session->train, order + batch * session->batchSize + first, least(CHUNK, imagesOf(batch) - first));
}

bool StepsJob::finish(int thread) {
  const Task &task = session->tasks[thread];
  if (task.fill >= 0) {
    made[task.fill % session->ringSize] = task.fill;
    return true;
  }
  const int m = (int)(task.unit.model - session->models);
  if (++progress(m).done < progress(m).units) return false;
  endStage(m);
  return true;
}

void StepsJob::beginChunk(int m) {
  Progress &at = progress(m);
  const int batch = batchAt(at.chunk);
  Model &own = model(m);
  own.accumulate = at.chunk % chunksOfBatch > 0;
  if (!own.accumulate) own.lossSum = 0;
  own.rates.gradient = (float)(1 / ((double)imagesOf(batch) * session->train.size));
  own.rates.step = (float)optimizers[own.optimizer].rate(own.learningRate, own.step + 1);
  own.rates.decay = (float)(own.learningRate * optimizers[own.optimizer].decay);
  at = {at.chunk, 0, 0, 0, own.unitsOf(own.stage(0), batchOf(at.chunk).count), at.threads};
}

void StepsJob::endStage(int m) {
  Progress &at = progress(m);
  const int stages = model(m).stageCount();
  at.stage++;
  at.next = at.done = 0;
  if (at.stage < stages) at.units = model(m).unitsOf(model(m).stage(at.stage), batchOf(at.chunk).count);
  else if (at.stage == stages) endChunk(m);
  else {
    endBatch(m);
    if (--updating == 0 && isStopped) shorten();
  }
}

void StepsJob::endChunk(int m) {
  Progress &at = progress(m);
  Model &own = model(m);
  for (int p = 0; p < own.parts; p++) own.lossSum += own.partLosses[p];
  if (at.chunk % chunksOfBatch + 1 < chunksOf(batchAt(at.chunk))) {
    at.chunk++;
    at.stage = IDLE;
  } else if (!session->isDeferred) endBatch(m);
  else {
    at.stage = WAITING;
    if (++waiting < session->modelCount) return;
    for (int n = 0; n < session->modelCount; n++) {
      progress(n).stage = model(n).stageCount();
      progress(n).units = model(n).updateUnits();
    }
    waiting = 0;
    updating = session->modelCount;
  }
}

void StepsJob::endBatch(int m) {
  Progress &at = progress(m);
  const int batch = batchAt(at.chunk);
  losses[(size_t)batch * session->modelCount + m] = (float)(model(m).lossSum / ((double)imagesOf(batch) * session->train.size));
  model(m).step++;
  at.chunk = (batch + 1) * chunksOfBatch;
  at.stage = IDLE;
}
