// The kernels compiled for each instruction set, and the choice of one at run time.
#include "kernels.h"
#include "optimizers.h"
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define NAME sse2
#define TILE_ROWS 3
#include "layers.inc"
#undef NAME
#undef TILE_ROWS

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME avx2
#define TILE_ROWS 6
#include "layers.inc"
#undef NAME
#undef TILE_ROWS
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define NAME avx512
#define TILE_ROWS 12
#include "layers.inc"
#undef NAME
#undef TILE_ROWS
#pragma clang attribute pop

/** Whether processor and system keep the registers in question: bits of cpuid's leaves 1 and 7 and of xgetbv. */
static bool has(unsigned ofLeaf1, unsigned ofLeaf7, unsigned states) {
  unsigned a, b, c, d, low, high;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & ofLeaf1) != ofLeaf1) return false;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (b & ofLeaf7) != ofLeaf7) return false;
  asm("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & states) == states;
}

const Kernels *kernelsAt(int index) {
  const unsigned fmaOsxsaveAvx = 1u << 12 | 1u << 27 | 1u << 28, avx2Bit = 1u << 5;
  const unsigned avx512Bits = avx2Bit | 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
  if (has(fmaOsxsaveAvx, avx512Bits, 0xe6) && index-- == 0) return &avx512::kernels;
  if (has(fmaOsxsaveAvx, avx2Bit, 0x6) && index-- == 0) return &avx2::kernels;
  return index == 0 ? &sse2::kernels : nullptr;
}

FlushDenormals::FlushDenormals() : before(_mm_getcsr()) { _mm_setcsr((unsigned)before | 0x8040); }
FlushDenormals::~FlushDenormals() { _mm_setcsr((unsigned)before); }

#elif defined(__aarch64__)
#define NAME neon
#define TILE_ROWS 6
#include "layers.inc"

const Kernels *kernelsAt(int index) { return index == 0 ? &neon::kernels : nullptr; }

FlushDenormals::FlushDenormals() {
  asm volatile("mrs %0, fpcr" : "=r"(before));
  asm volatile("msr fpcr, %0" ::"r"(before | (1 << 24)));
}
FlushDenormals::~FlushDenormals() { asm volatile("msr fpcr, %0" ::"r"(before)); }

#else
#define NAME portable
#define TILE_ROWS 3
#include "layers.inc"

const Kernels *kernelsAt(int index) { return index == 0 ? &portable::kernels : nullptr; }

FlushDenormals::FlushDenormals() : before(0) {}
FlushDenormals::~FlushDenormals() {}
#endif

const Kernels *kernelsNamed(const char *name) {
  for (int n = 0;; n++) {
    const Kernels *kernels = kernelsAt(n);
    if (!kernels || strcmp(kernels->name, name) == 0) return kernels;
  }
}
