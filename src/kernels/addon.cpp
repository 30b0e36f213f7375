// The kernels as a Node-API addon. Whatever it is given, it answers or throws an Error whose `code` is bad-value, out-of-memory or internal.
// Memory that threads work on after a call has returned must be shared (SharedArrayBuffer): nothing can detach it.
#include "forward.h"
#include "node-api.h"
#include "pool.h"
#include "self-test.h"
#include "state.h"
#include "steps.h"
#include <string.h>

namespace {

Pool pool;
Mutex environmentsMutex;
int environments = 0;

constexpr Problem badArgument = {"bad-value", "An argument has a wrong type, length or range"};
constexpr Problem closedSession = {"bad-value", "The session is closed, or no session"};
constexpr Problem noMemory = {"out-of-memory", "There is not enough memory for this call"};
constexpr Problem noThreads = {"internal", "The system gives no more threads"};
constexpr Problem badState = {"internal", "Node-API refused a call"};

struct Handle;
/** A thread of JavaScript that has loaded the addon. */
struct Environment {
  napi_threadsafe_function answer;
  Handle *first = nullptr; // open sessions
  int calls = 0;           // under way
};

/** What JavaScript holds of a session. */
struct Handle {
  Environment *environment; // null after its end
  Session *session;         // null once closed
  napi_ref pixels;
  Handle *next;
  bool isClosing;         // no more calls
};

/** A job and what must live as long as it does. */
struct Call {
  static constexpr int MOST = 4;
  Environment *environment;
  Handle *handle;
  Job *job;
  napi_deferred deferred;
  napi_ref kept[MOST];
  int keptCount;
  int32_t *order;
  bool closes;
};

/** The arguments of a call; throws for the first that is wrong and remembers that it did. */
class Arguments {
  static constexpr int MOST = 6;
  napi_value given[MOST];
  size_t count = MOST;

public:
  const napi_env env;
  bool isGood = true;
  Arguments(napi_env env, napi_callback_info info) : env(env) { require(napi_get_cb_info(env, info, &count, given, nullptr, nullptr) == napi_ok, badState); }

  /** Throws `problem` unless `holds`. */
  bool require(bool holds, Problem problem) {
    if (!holds && isGood) napi_throw_error(env, problem.code, problem.sentence);
    return isGood &= holds;
  }
  napi_value at(size_t n) {
    napi_value value = nullptr;
    if (n < count) return given[n];
    napi_get_undefined(env, &value);
    return value;
  }
  double number(size_t n) {
    double value = 0;
    require(isGood && napi_get_value_double(env, at(n), &value) == napi_ok, badArgument);
    return value;
  }
  /** Elements of a typed array; of one on shared memory where threads work on it later. */
  template <class T> T *array(size_t n, napi_typedarray_type wanted, bool isShared, size_t *length) {
    bool isArray = false, isOrdinary = true;
    napi_typedarray_type type = napi_int8_array;
    napi_value buffer = nullptr;
    void *data = nullptr;
    *length = 0;
    require(isGood && napi_is_typedarray(env, at(n), &isArray) == napi_ok && isArray, badArgument);
    require(isGood && napi_get_typedarray_info(env, at(n), &type, length, &data, &buffer, nullptr) == napi_ok && type == wanted, badArgument);
    if (isShared) require(isGood && napi_is_arraybuffer(env, buffer, &isOrdinary) == napi_ok && !isOrdinary, badArgument);
    require(isGood && *length > 0 && data, badArgument);
    return (T *)data;
  }
  /** Those of the instruction set that is named. */
  const Kernels *kernels(size_t n) {
    char name[16] = "";
    size_t length;
    require(isGood && napi_get_value_string_utf8(env, at(n), name, sizeof name, &length) == napi_ok, badArgument);
    const Kernels *found = kernelsNamed(name);
    require(found, badArgument);
    return found;
  }
  Handle *handle(size_t n);
};

constexpr napi_type_tag sessionTag = {0x9d1c4f0a7e5b4c11, 0xb0771e5ec1ab5e55};

Handle *Arguments::handle(size_t n) {
  napi_valuetype type = napi_undefined;
  bool isSession = false;
  void *handle = nullptr;
  require(isGood && napi_typeof(env, at(n), &type) == napi_ok && type == napi_object, closedSession);
  require(isGood && napi_check_object_type_tag(env, at(n), &sessionTag, &isSession) == napi_ok && isSession, closedSession);
  require(isGood && napi_unwrap(env, at(n), &handle) == napi_ok && ((Handle *)handle)->session && !((Handle *)handle)->isClosing, closedSession);
  return isGood ? (Handle *)handle : nullptr;
}

Environment *environmentOf(napi_env env) {
  void *data = nullptr;
  napi_get_instance_data(env, &data);
  return (Environment *)data;
}

// ---- sessions ----

/** Takes a handle from its environment's list. */
void remove(Handle *handle) {
  if (!handle->environment) return;
  Handle **place = &handle->environment->first;
  while (*place != handle) place = &(*place)->next;
  *place = handle->next;
  handle->environment = nullptr;
}

void freeSession(Session *session) {
  if (!session) return;
  session->~Session();
  free(session);
}

/** JavaScript holds it no more, and no call does. */
void forget(napi_env env, void *data, void *) {
  Handle *handle = (Handle *)data;
  remove(handle);
  if (handle->pixels) napi_delete_reference(env, handle->pixels);
  freeSession(handle->session);
  free(handle);
}

/** Throws for a session that can't be had, after giving back what there is of it. */
napi_value refuse(Arguments &given, Problem problem, Session *session) {
  freeSession(session);
  given.require(false, problem);
  return nullptr;
}

/** open(instruction set, description, shared pixels): a session. */
napi_value open(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  size_t numbers, bytes;
  const Kernels *kernels = given.kernels(0);
  const double *description = given.array<double>(1, napi_float64_array, false, &numbers);
  const uint8_t *pixels = given.array<uint8_t>(2, napi_uint8_array, true, &bytes);
  if (!given.isGood) return nullptr;
  Session *session = create<Session>();
  if (!session) return refuse(given, noMemory, session);
  if (const Problem problem = session->describe(description, numbers)) return refuse(given, problem, session);
  const size_t count = bytes / session->train.size;
  if (bytes % session->train.size != 0 || count > INT32_MAX) return refuse(given, badArgument, session);
  if (const Problem problem = session->open(kernels, {pixels, (int)count, session->train.size})) return refuse(given, problem, session);
  if (!pool.grow(session->threads)) return refuse(given, noThreads, session);
  Handle *handle = create<Handle>();
  if (!handle) return refuse(given, noMemory, session);
  *handle = {environmentOf(env), session, nullptr, environmentOf(env)->first, false};
  napi_value object;
  if (napi_create_object(env, &object) != napi_ok || napi_type_tag_object(env, object, &sessionTag) != napi_ok ||
      napi_wrap(env, object, handle, forget, nullptr, nullptr) != napi_ok) {
    free(handle);
    return refuse(given, badState, session);
  }
  handle->environment->first = handle;
  napi_create_reference(env, given.at(2), 1, &handle->pixels);
  return object;
}

/** bytes(description): what a session will take, beside its images. */
napi_value bytes(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  size_t numbers;
  const double *description = given.array<double>(0, napi_float64_array, false, &numbers);
  if (!given.isGood) return nullptr;
  Session session;
  const Problem problem = session.describe(description, numbers);
  if (!given.require(!problem, problem)) return nullptr;
  napi_value value;
  napi_create_double(env, (double)session.bytes, &value);
  return value;
}

// ---- calls ----

void freeCall(Call *call) {
  free(call->order);
  free(call->job);
  free(call);
}

/** The job has ended: answers its promise, on JavaScript's thread; without `env` the environment has ended before. */
void answer(napi_env env, napi_value, void *, void *data) {
  Call *call = (Call *)data;
  if (!env) return freeCall(call);
  if (call->closes) {
    remove(call->handle);
    freeSession(call->handle->session);
    call->handle->session = nullptr;
    napi_delete_reference(env, call->handle->pixels);
    call->handle->pixels = nullptr;
  }
  napi_value result, milliseconds, batches;
  napi_create_object(env, &result);
  napi_create_double(env, call->job->milliseconds, &milliseconds);
  napi_set_named_property(env, result, "milliseconds", milliseconds);
  napi_create_double(env, call->job->batches, &batches);
  napi_set_named_property(env, result, "batches", batches);
  napi_resolve_deferred(env, call->deferred, result);
  for (int n = 0; n < call->keptCount; n++) napi_delete_reference(env, call->kept[n]);
  if (--call->environment->calls == 0) napi_unref_threadsafe_function(env, call->environment->answer);
  freeCall(call);
}

void jobEnded(Job *job) {
  Call *call = (Call *)job->caller;
  if (napi_call_threadsafe_function(call->environment->answer, call, napi_tsfn_nonblocking) != napi_ok) freeCall(call);
}

/** Hands a job to the pool and answers with its promise. The arguments whose bits are set in `keep` live until it has ended. */
template <class AnyJob, class... Given>
napi_value start(Arguments &given, Handle *handle, unsigned keep, int32_t *order, double id, bool closes, Given... parts) {
  Call *call = create<Call>();
  Job *job = create<AnyJob>(handle->session, parts...);
  napi_value promise = nullptr;
  if (!given.require(call && job, noMemory) || !given.require(napi_create_promise(given.env, &call->deferred, &promise) == napi_ok, badState)) {
    free(order), free(job), free(call);
    return nullptr;
  }
  *call = {handle->environment, handle, job, call->deferred, {}, 0, order, closes};
  for (size_t n = 0; n < 8; n++)
    if (keep >> n & 1 && napi_create_reference(given.env, given.at(n), 1, &call->kept[call->keptCount]) == napi_ok) call->keptCount++;
  job->ended = jobEnded;
  job->caller = call;
  job->id = id;
  if (call->environment->calls++ == 0) napi_ref_threadsafe_function(given.env, call->environment->answer);
  pool.submit(job);
  return promise;
}

/** A copy of indices below `count`, or null. */
int32_t *copyIndices(Arguments &given, const int32_t *indices, size_t length, int count) {
  if (!given.require(length <= INT32_MAX, badArgument)) return nullptr;
  int32_t *copy = (int32_t *)malloc(length * sizeof(int32_t));
  if (!given.require(copy, noMemory)) return nullptr;
  memcpy(copy, indices, length * sizeof(int32_t));
  bool isGood = true;
  for (size_t n = 0; n < length; n++) isGood &= copy[n] >= 0 && copy[n] < count;
  if (given.require(isGood, badArgument)) return copy;
  free(copy);
  return nullptr;
}

/** steps(session, order, shared losses [batches × models], id): promise of { batches, milliseconds } */
napi_value steps(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  size_t length, size;
  Handle *handle = given.handle(0);
  const int32_t *indices = given.array<int32_t>(1, napi_int32_array, false, &length);
  float *losses = given.array<float>(2, napi_float32_array, true, &size);
  const double id = given.number(3);
  if (!given.isGood) return nullptr;
  const Session &session = *handle->session;
  const size_t batches = (length - 1) / session.batchSize + 1;
  if (!given.require(size == batches * session.modelCount, badArgument)) return nullptr;
  int32_t *order = copyIndices(given, indices, length, session.train.count);
  if (!order) return nullptr;
  return start<StepsJob>(given, handle, 1 << 0 | 1 << 2, order, id, false, order, (int)length, losses);
}

/** stop(session, id): the call of this id ends as soon as it can. */
napi_value stop(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  const Handle *handle = given.handle(0);
  const double id = given.number(1);
  if (given.isGood) pool.stop(handle->session, &id);
  return nullptr;
}

/** forward(session, shared pixels, indices, values as bits, shared answers): promise */
napi_value forward(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  size_t bytes, length, size;
  Handle *handle = given.handle(0);
  const uint8_t *pixels = given.array<uint8_t>(1, napi_uint8_array, true, &bytes);
  const int32_t *indices = given.array<int32_t>(2, napi_int32_array, false, &length);
  const double values = given.number(3);
  float *answers = given.array<float>(4, napi_float32_array, true, &size);
  if (!given.require(values >= 1 && values <= (double)ALL_VALUES && values == (int)values, badArgument)) return nullptr;
  const Session &session = *handle->session;
  const size_t count = bytes / session.train.size;
  if (!given.require(bytes % session.train.size == 0 && count <= INT32_MAX, badArgument)) return nullptr;
  if (!given.require(size == length * ForwardJob::answerSize(session, (int)values), badArgument)) return nullptr;
  int32_t *copy = copyIndices(given, indices, length, (int)count);
  if (!copy) return nullptr;
  const Images images = {pixels, (int)count, session.train.size};
  return start<ForwardJob>(given, handle, 1 << 0 | 1 << 1 | 1 << 4, copy, 0, false, images, copy, (int)length, (int)values, answers);
}

/** save(session, shared state, shared steps) and load, the same: promise */
napi_value moveState(napi_env env, napi_callback_info info, Direction direction) {
  Arguments given(env, info);
  size_t size, count;
  Handle *handle = given.handle(0);
  float *state = given.array<float>(1, napi_float32_array, true, &size);
  double *taken = given.array<double>(2, napi_float64_array, true, &count);
  if (!given.isGood) return nullptr;
  uint64_t wanted = 0;
  for (int m = 0; m < handle->session->modelCount; m++) wanted += stateSize(handle->session->models[m]);
  if (!given.require(size == wanted && count == (size_t)handle->session->modelCount, badArgument)) return nullptr;
  return start<StateJob>(given, handle, 1 << 0 | 1 << 1 | 1 << 2, nullptr, 0, false, direction, state, taken);
}
napi_value save(napi_env env, napi_callback_info info) { return moveState(env, info, SAVE); }
napi_value load(napi_env env, napi_callback_info info) { return moveState(env, info, LOAD); }

/** close(session): promise; calls under way end first, later ones are refused. */
napi_value close(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  Handle *handle = given.handle(0);
  if (!given.isGood) return nullptr;
  const napi_value promise = start<Job>(given, handle, 1 << 0, nullptr, 0, true);
  handle->isClosing = promise != nullptr;
  return promise;
}

/** instructionSets(): names of those that this processor runs, fastest first. */
napi_value instructionSets(napi_env env, napi_callback_info) {
  napi_value names;
  napi_create_array(env, &names);
  for (int n = 0; kernelsAt(n); n++) {
    napi_value name;
    napi_create_string_utf8(env, kernelsAt(n)->name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, names, n, name);
  }
  return names;
}

/** selfTest(instruction set): whether its kernels work on this processor. */
napi_value isWorking(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  const Kernels *kernels = given.kernels(0);
  napi_value works = nullptr;
  if (given.isGood) napi_get_boolean(env, selfTest(kernels), &works);
  return works;
}

// ---- environments ----

/** Before an environment ends: its jobs end early, and no thread touches its memory any more. */
void endEnvironment(void *data) {
  Environment *environment = (Environment *)data;
  for (Handle *handle = environment->first, *next; handle; handle = next) {
    next = handle->next;
    pool.stop(handle->session);
    pool.drain(handle->session);
    freeSession(handle->session);
    handle->session = nullptr;
    handle->environment = nullptr;
  }
  environment->first = nullptr;
  const Lock lock(environmentsMutex);
  if (--environments == 0) pool.close();
}

napi_value define(napi_env env, napi_value exports) {
  Environment *environment = create<Environment>();
  napi_value title;
  if (!environment || napi_create_string_utf8(env, "bottleneck-lab-kernels", NAPI_AUTO_LENGTH, &title) != napi_ok ||
      napi_create_threadsafe_function(env, nullptr, nullptr, title, 0, 1, nullptr, nullptr, nullptr, answer, &environment->answer) != napi_ok) {
    free(environment);
    napi_throw_error(env, noMemory.code, noMemory.sentence);
    return nullptr;
  }
  napi_unref_threadsafe_function(env, environment->answer);
  napi_set_instance_data(env, environment, [](napi_env, void *data, void *) { free(data); }, nullptr);
  napi_add_env_cleanup_hook(env, endEnvironment, environment);
  environmentsMutex.lock();
  environments++;
  environmentsMutex.unlock();
  const napi_property_descriptor functions[] = {
#define FUNCTION(name) {#name, nullptr, name, nullptr, nullptr, nullptr, napi_enumerable, nullptr}
      FUNCTION(instructionSets), FUNCTION(isWorking), FUNCTION(bytes), FUNCTION(open), FUNCTION(steps), FUNCTION(stop), FUNCTION(forward), FUNCTION(save),
      FUNCTION(load), FUNCTION(close)};
#undef FUNCTION
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}
} // namespace

NAPI_MODULE_INIT() { return define(env, exports); }
