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

constexpr Problem badArgument = {"bad-value", "An argument has a wrong type, length or range"};
constexpr Problem closedSession = {"bad-value", "The session is closed, or no session"};
constexpr Problem noMemory = {"out-of-memory", "There is not enough memory for this call"};
constexpr Problem noThreads = {"internal", "The system gives no more threads"};
constexpr Problem badState = {"internal", "Node-API refused a call"};

Pool pool;
Mutex environmentsMutex;
int environments = 0;

/** A thread of JavaScript that has loaded the addon. */
struct Environment {
  napi_threadsafe_function answer;
  int calls = 0; // under way
};

/** What JavaScript holds of a session. */
struct Handle {
  Session *session; // null once closed
  napi_ref pixels;
  bool isClosing; // no more calls
  int calls;      // under way
};
constexpr napi_type_tag sessionTag = {0x9d1c4f0a7e5b4c11, 0xb0771e5ec1ab5e55};

/** Of calls that can't be stopped: it equals none, nor itself. */
constexpr double NO_ID = __builtin_nan("");

/** A job and what must live as long as it does. */
struct Call {
  static constexpr int MOST = 3;
  Environment *environment;
  Handle *handle;
  double id;
  Job *job;
  int32_t *indices;
  napi_deferred deferred;
  napi_ref kept[MOST];
  int keptCount;
};

/** The arguments of a call; throws for the first that is wrong and remembers that it did. */
class Arguments {
  static constexpr int MOST = 6;
  napi_value given[MOST];
  size_t count = MOST;

public:
  const napi_env env;
  bool isGood = true;
  Arguments(napi_env env, napi_callback_info info) : env(env) {
    require(napi_get_cb_info(env, info, &count, given, nullptr, nullptr) == napi_ok, badState);
  }

  /** Throws `problem` unless `holds`. False once anything was thrown. */
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
  /** Elements of a typed array that has some; of one on shared memory where threads work on it later. */
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
  /** Images of a size on shared memory. */
  Images images(size_t n, int size) {
    size_t bytes;
    const uint8_t *pixels = array<uint8_t>(n, napi_uint8_array, true, &bytes);
    require(bytes % size == 0 && bytes / size <= INT32_MAX, badArgument);
    return {pixels, (int)(bytes / size), size};
  }
  /** A copy of indices below `most`, to be freed; null where they are wrong. */
  int32_t *indices(size_t n, int most, int *length) {
    size_t number;
    const int32_t *from = array<int32_t>(n, napi_int32_array, false, &number);
    if (!require(isGood && number <= INT32_MAX, badArgument)) return nullptr;
    int32_t *copy = (int32_t *)malloc(number * sizeof(int32_t));
    if (!require(copy, noMemory)) return nullptr;
    memcpy(copy, from, number * sizeof(int32_t));
    *length = (int)number;
    bool fit = true;
    for (size_t i = 0; i < number; i++) fit &= copy[i] >= 0 && copy[i] < most;
    if (require(fit, badArgument)) return copy;
    free(copy);
    return nullptr;
  }
  const Kernels *kernels(size_t n) {
    char name[16] = "";
    size_t length;
    require(isGood && napi_get_value_string_utf8(env, at(n), name, sizeof name, &length) == napi_ok, badArgument);
    const Kernels *found = kernelsNamed(name);
    require(found, badArgument);
    return found;
  }
  /** Of an open session, or of one that is closing as well. */
  Handle *handle(size_t n, bool alsoClosing = false) {
    napi_valuetype type = napi_undefined;
    bool isSession = false;
    void *data = nullptr;
    require(isGood && napi_typeof(env, at(n), &type) == napi_ok && type == napi_object, closedSession);
    require(isGood && napi_check_object_type_tag(env, at(n), &sessionTag, &isSession) == napi_ok && isSession, closedSession);
    require(isGood && napi_unwrap(env, at(n), &data) == napi_ok && (alsoClosing || !((Handle *)data)->isClosing), closedSession);
    return isGood ? (Handle *)data : nullptr;
  }
};

Environment *environmentOf(napi_env env) {
  void *data = nullptr;
  napi_get_instance_data(env, &data);
  return (Environment *)data;
}

void closeHandle(napi_env env, Handle *handle) {
  if (handle->pixels) napi_delete_reference(env, handle->pixels);
  if (handle->session) handle->session->~Session();
  free(handle->session);
  *handle = {nullptr, nullptr, true, 0};
}

/** JavaScript holds it no more, and no call does. */
void forgetHandle(napi_env env, void *data, void *) {
  closeHandle(env, (Handle *)data);
  free(data);
}

/** open(instruction set, description, shared pixels): a session. */
napi_value open(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  size_t numbers;
  const Kernels *kernels = given.kernels(0);
  const double *description = given.array<double>(1, napi_float64_array, false, &numbers);
  Handle *handle = create<Handle>();
  if (!given.isGood || !given.require(handle, noMemory)) return free(handle), nullptr;
  *handle = {create<Session>(), nullptr, false, 0};
  const auto prepare = [&] {
    Session *session = handle->session;
    if (!session) return noMemory;
    if (const Problem problem = session->describe(description, numbers)) return problem;
    const Images images = given.images(2, session->train.size);
    if (!given.isGood) return badArgument;
    if (const Problem problem = session->open(kernels, images)) return problem;
    return pool.grow(session->threads) ? Problem{} : noThreads;
  };
  const Problem problem = prepare();
  napi_value object = nullptr;
  const bool isMade = given.require(!problem, problem) && napi_create_object(env, &object) == napi_ok &&
                      napi_type_tag_object(env, object, &sessionTag) == napi_ok &&
                      napi_create_reference(env, given.at(2), 1, &handle->pixels) == napi_ok &&
                      napi_wrap(env, object, handle, forgetHandle, nullptr, nullptr) == napi_ok;
  if (!isMade) forgetHandle(env, handle, nullptr);
  given.require(isMade, badState);
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
  napi_value value = nullptr;
  if (given.require(!problem, problem)) napi_create_double(env, (double)session.bytes, &value);
  return value;
}

// ---- calls ----

/** Without `env`, which has ended, nothing is referred to any more. */
void freeCall(napi_env env, Call *call) {
  if (!call) return;
  for (int n = 0; env && n < call->keptCount; n++) napi_delete_reference(env, call->kept[n]);
  free(call->indices);
  free(call->job);
  free(call);
}

/** The job has ended: answers its promise, on JavaScript's thread; without `env` the environment has ended before. */
void answer(napi_env env, napi_value, void *, void *data) {
  Call *call = (Call *)data;
  if (!env) return freeCall(env, call);
  if (--call->handle->calls == 0 && call->handle->isClosing) closeHandle(env, call->handle);
  napi_value result, number;
  napi_create_object(env, &result);
  napi_create_double(env, call->job->milliseconds, &number);
  napi_set_named_property(env, result, "milliseconds", number);
  napi_create_double(env, call->job->batches, &number);
  napi_set_named_property(env, result, "batches", number);
  napi_resolve_deferred(env, call->deferred, result);
  if (--call->environment->calls == 0) napi_unref_threadsafe_function(env, call->environment->answer);
  freeCall(env, call);
}

/** Hands a job to the pool and answers with its promise. The arguments in `keep` live until it has ended. */
template <class AnyJob, class... Given>
napi_value start(Arguments &given, Handle *handle, double id, const int (&keep)[Call::MOST], int32_t *indices, Given... parts) {
  Call *call = create<Call>();
  AnyJob *job = create<AnyJob>(handle->session, parts...);
  napi_value promise = nullptr;
  if (call) *call = {environmentOf(given.env), handle, id, job, indices, nullptr, {}, 0};
  bool isReady = given.require(call && job, noMemory);
  for (const int n : keep) {
    if (!isReady || n < 0) continue;
    isReady = napi_create_reference(given.env, given.at(n), 1, &call->kept[call->keptCount]) == napi_ok;
    call->keptCount += isReady;
  }
  if (!isReady || napi_create_promise(given.env, &call->deferred, &promise) != napi_ok) {
    given.require(false, badState);
    if (!call) free(indices), free(job);
    return freeCall(given.env, call), nullptr;
  }
  job->caller = call;
  job->ended = [](Job *job) {
    Call *call = (Call *)job->caller;
    if (napi_call_threadsafe_function(call->environment->answer, call, napi_tsfn_nonblocking) != napi_ok) freeCall(nullptr, call);
  };
  handle->calls++;
  if (call->environment->calls++ == 0) napi_ref_threadsafe_function(given.env, call->environment->answer);
  pool.submit(job);
  return promise;
}

/** steps(session, order, shared losses [batches × models], id): promise of { batches, milliseconds } */
napi_value steps(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  int length = 0;
  size_t size;
  Handle *handle = given.handle(0);
  float *losses = given.array<float>(2, napi_float32_array, true, &size);
  const double id = given.number(3);
  int32_t *order = given.isGood ? given.indices(1, handle->session->train.count, &length) : nullptr;
  if (!order) return nullptr;
  const size_t batches = (size_t)(length - 1) / handle->session->batchSize + 1;
  if (!given.require(size == batches * handle->session->modelCount, badArgument)) return free(order), nullptr;
  return start<StepsJob>(given, handle, id, {0, 2, -1}, order, order, length, losses);
}

/** stop(session, id): the steps of this id end as soon as they can, also those of a session that is closing. */
napi_value stop(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  const Handle *handle = given.handle(0, true);
  const double id = given.number(1);
  if (given.isGood) pool.stop([&](const Job &job) { return job.session == handle->session && ((Call *)job.caller)->id == id; });
  return nullptr;
}

/** forward(session, shared pixels, indices, values as bits, shared answers): promise */
napi_value forward(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  int length = 0;
  size_t size;
  Handle *handle = given.handle(0);
  const Images images = given.isGood ? given.images(1, handle->session->train.size) : Images{};
  const double values = given.number(3);
  float *answers = given.array<float>(4, napi_float32_array, true, &size);
  given.require(values >= 1 && values <= (double)ALL_VALUES && values == (int)values, badArgument);
  int32_t *indices = given.isGood ? given.indices(2, images.count, &length) : nullptr;
  if (!indices) return nullptr;
  const uint64_t wanted = length * ForwardJob::answerSize(*handle->session, (int)values);
  if (!given.require(size == wanted, badArgument)) return free(indices), nullptr;
  return start<ForwardJob>(given, handle, NO_ID, {0, 1, 4}, indices, images, indices, length, (int)values, answers);
}

/** save(session, shared state, shared steps) and load, the same: promise */
template <Direction direction> napi_value moveState(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  size_t size, count;
  Handle *handle = given.handle(0);
  float *state = given.array<float>(1, napi_float32_array, true, &size);
  double *taken = given.array<double>(2, napi_float64_array, true, &count);
  if (!given.isGood) return nullptr;
  uint64_t wanted = 0;
  for (int m = 0; m < handle->session->modelCount; m++) wanted += stateSize(handle->session->models[m]);
  if (!given.require(size == wanted && count == (size_t)handle->session->modelCount, badArgument)) return nullptr;
  return start<StateJob>(given, handle, NO_ID, {0, 1, 2}, nullptr, direction, state, taken);
}

/** close(session): promise; calls under way end first, later ones are refused. */
napi_value close(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  Handle *handle = given.handle(0);
  const napi_value promise = given.isGood ? start<Job>(given, handle, NO_ID, {0, -1, -1}, nullptr) : nullptr;
  if (promise) handle->isClosing = true;
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

/** isWorking(instruction set): whether its kernels work on this processor. */
napi_value isWorking(napi_env env, napi_callback_info info) {
  Arguments given(env, info);
  const Kernels *kernels = given.kernels(0);
  napi_value works = nullptr;
  if (given.isGood) napi_get_boolean(env, selfTest(kernels), &works);
  return works;
}

// ---- environments ----

/** Before an environment ends: its jobs end early, and no thread touches its memory any more. */
void endEnvironment(void *environment) {
  const auto isOwn = [&](const Job &job) { return ((Call *)job.caller)->environment == environment; };
  pool.stop(isOwn);
  pool.drain(isOwn);
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
#define FUNCTION(name, call) {name, nullptr, call, nullptr, nullptr, nullptr, napi_enumerable, nullptr}
  const napi_property_descriptor functions[] = {
      FUNCTION("instructionSets", instructionSets), FUNCTION("isWorking", isWorking), FUNCTION("bytes", bytes), FUNCTION("open", open),
      FUNCTION("steps", steps), FUNCTION("stop", stop), FUNCTION("forward", forward), FUNCTION("save", moveState<SAVE>),
      FUNCTION("load", moveState<LOAD>), FUNCTION("close", close)};
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}
} // namespace

NAPI_MODULE_INIT() { return define(env, exports); }
