// See pool.h.
#include "pool.h"

/** Looks so often for news before a thread sleeps: 5 to 50 microseconds by processor, about what falling asleep and waking up takes. */
static constexpr int SPINS = 1000;

static void pauseBriefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

bool Pool::grow(int to) {
  const Lock lock(mutex);
  for (; number < to; number++) {
    Worker &worker = workers[number];
    worker.pool = this;
    const auto work = [](void *self) -> void * {
      Pool &pool = *((Worker *)self)->pool;
      return pool.work((int)((Worker *)self - pool.workers)), nullptr;
    };
    if (pthread_create(&worker.thread, nullptr, work, &worker) != 0) return false;
  }
  return true;
}

void Pool::submit(Job *job) {
  const Lock lock(mutex);
  Job **place = &first;
  while (*place) place = &(*place)->next;
  *place = job;
  wake();
}

void Pool::close() {
  mutex.lock();
  closing = true;
  wake();
  const int all = number;
  mutex.unlock();
  for (int n = 0; n < all; n++) pthread_join(workers[n].thread, nullptr);
  number = 0;
  closing = false;
}

void Pool::work(int thread) {
  const FlushDenormals flush;
  const Lock lock(mutex);
  while (!closing || first) {
    Job *job = first;
    if (job && job->isComplete() && job->underWay == 0) {
      end(job);
      continue;
    }
    const bool mayHelp = job && thread < job->session->threads;
    if (!mayHelp || !job->take(thread)) {
      waitForNews(mayHelp);
      continue;
    }
    if (job->begun == 0) job->begun = now();
    job->underWay++;
    mutex.unlock();
    job->run(thread);
    mutex.lock();
    job->underWay--;
    if (job->finish(thread) || job->isComplete()) wake();
  }
}

/** Takes the first job from the queue and lets its caller know: under the lock, so that callers hear in the jobs' order. */
void Pool::end(Job *job) {
  if (job->begun > 0) job->milliseconds = now() - job->begun;
  first = job->next;
  wake();
  job->ended(job); // may free it
}

void Pool::wake() {
  version.add(1);
  if (sleeping > 0) news.wakeAll();
}

/** Lets go of the lock until something may have changed; where that is soon, without sleeping at first. */
void Pool::waitForNews(bool soon) {
  const unsigned before = version.load();
  const auto isOld = [&] { return version.load() == before; };
  if (soon) {
    mutex.unlock();
    for (int n = 0; n < SPINS && isOld(); n++) pauseBriefly();
    mutex.lock();
  }
  sleeping++;
  if (isOld()) news.wait(mutex);
  sleeping--;
}
