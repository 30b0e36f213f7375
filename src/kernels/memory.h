// Memory of a session: one piece, cut into aligned parts, so that it is allocated as a whole or not at all.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if __has_feature(address_sanitizer)
extern "C" void __asan_poison_memory_region(const volatile void *from, size_t bytes);
#endif

constexpr uint64_t CACHE_LINE = 64;

/** Cuts parts that vectors may be loaded from; without memory it only counts what they take. */
class Arena {
  char *memory;
  uint64_t used = 0;

public:
  explicit Arena(void *memory) : memory((char *)memory) {}

  /** Null while it only counts. A cache line stays free behind each part, so that equal parts don't share the cache's sets. */
  template <class T> T *take(uint64_t count) {
    T *part = memory ? (T *)(memory + used) : nullptr;
    used += (count * sizeof(T) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
#if __has_feature(address_sanitizer)
    if (memory) __asan_poison_memory_region(memory + used, CACHE_LINE);
#endif
    used += CACHE_LINE;
    return part;
  }
  uint64_t size() const { return used; }
};

/** Cleared memory on a cache line, or null. Given back with free(), from `whole`. */
inline void *clearedMemory(uint64_t bytes, void **whole) {
  *whole = bytes > SIZE_MAX - CACHE_LINE ? nullptr : calloc((size_t)(bytes + CACHE_LINE), 1);
  return *whole ? (void *)(((uintptr_t)*whole + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE) : nullptr;
}

struct Place {
  void *memory;
};
inline void *operator new(size_t, Place place) noexcept { return place.memory; }

/** `new` that answers null where there is no memory; there is no C++ library that could throw. */
template <class T, class... Given> T *create(Given &&...given) {
  void *memory = malloc(sizeof(T));
  return memory ? new (Place{memory}) T((Given &&)given...) : nullptr;
}
