// A value that threads share without a lock. There is no C++ library to take it from.
#pragma once

template <class T> class Atomic {
  T value;

public:
  constexpr explicit Atomic(T value) : value(value) {}
  T load() const { return __atomic_load_n(&value, __ATOMIC_ACQUIRE); }
  void store(T to) { __atomic_store_n(&value, to, __ATOMIC_RELEASE); }
  void add(T to) { __atomic_fetch_add(&value, to, __ATOMIC_ACQ_REL); }
};
