// The kernels as a WebAssembly module for platforms without a native file: one thread, which JavaScript gives its time task by task.
// Its caller (engines/cpu/wasm.ts) checks what it hands over; what it overlooks can damage the module's own memory alone.
#ifdef __wasm__
#include "forward.h"
#include "state.h"
#include "steps.h"
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name), used))

namespace exported {

EXPORT(allocate) void *allocate(size_t bytes) { return malloc(bytes); }
EXPORT(release) void release(void *memory) { free(memory); }

/** What a session will take; infinite where not even its description has room, −1 for one that is not usable. */
EXPORT(bytes) double bytes(const double *description, size_t numbers) {
  Session session;
  const Problem problem = session.describe(description, numbers);
  return !problem ? (double)session.bytes : strcmp(problem.code, "out-of-memory") == 0 ? __builtin_inf() : -1;
}
EXPORT(close) void close(Session *session) {
  session->~Session();
  free(session);
}
/** Null where there is no memory. */
EXPORT(open) Session *open(const double *description, size_t numbers, const uint8_t *pixels, int count) {
  Session *session = create<Session>();
  if (!session) return nullptr;
  if (!session->describe(description, numbers) && !session->open(kernelsAt(0), {pixels, count, session->train.size})) return session;
  close(session);
  return nullptr;
}

/** Floats of the state of all models, and of the answers to an image. */
EXPORT(stateFloats) double stateFloats(const Session *session) {
  uint64_t size = 0;
  for (int m = 0; m < session->modelCount; m++) size += stateSize(session->models[m]);
  return (double)size;
}
EXPORT(answerFloats) double answerFloats(const Session *session, int values) { return (double)ForwardJob::answerSize(*session, values); }

EXPORT(steps) Job *steps(Session *session, const int32_t *order, int count, float *losses) {
  return create<StepsJob>(session, order, count, losses);
}
EXPORT(forward) Job *forward(Session *session, const uint8_t *pixels, int images, const int32_t *indices, int count, int values, float *answers) {
  return create<ForwardJob>(session, Images{pixels, images, session->train.size}, indices, count, values, answers);
}
EXPORT(save) Job *save(Session *session, float *state, double *steps) { return create<StateJob>(session, SAVE, state, steps); }
EXPORT(load) Job *load(Session *session, float *state, double *steps) { return create<StateJob>(session, LOAD, state, steps); }

/** Does one task of a job; 0 once none is left. */
EXPORT(advance) int advance(Job *job) { return job->advanceAlone(); }
EXPORT(stop) void stop(Job *job) { job->stop(); }
EXPORT(batches) int batches(Job *job) { return job->batches; }

} // namespace exported
#endif
