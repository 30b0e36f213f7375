// Makes a batch from stored images.
#include "batch.h"
#include <string.h>

/** Images come from all over memory: so many ahead are called for. */
static constexpr int AHEAD = 8;

/** About the share of lit pixels from which on lists take longer than a matrix. */
static constexpr double DENSE = 0.35;

void Batch::layOut(Arena &arena, int most, int imageSize, Form form, bool byPixel) {
  const uint64_t all = (uint64_t)most * imageSize;
  size = imageSize;
  strips = (size + STRIP - 1) / STRIP;
  stride = (size_t)(strips | 1) * STRIP;
  row = arena.take<uint8_t>((size + 63) / 64 * 64);
  targets = arena.take<uint8_t>((uint64_t)(most + 4) * strips * STRIP);
  matrix = form == MATRIX ? arena.take<float>(most * (uint64_t)stride) : nullptr;
  images = form == LISTS ? arena.take<Lit>(all) : nullptr;
  imageEnds = form == LISTS ? arena.take<int>(most) : nullptr;
  const bool sorted = form == LISTS && byPixel;
  pixels = sorted ? arena.take<Lit>(all) : nullptr;
  pixelEnds = sorted ? arena.take<int>(size) : nullptr;
  next = sorted ? arena.take<int>(size) : nullptr;
}

void Batch::fill(const Images &from, const int32_t *order, int number) {
  const auto image = [&](int i) { return from.pixels + (size_t)order[i] * size; };
  count = number;
  Lit *end = images;
  for (int i = 0; i < count; i++) {
    if (i + AHEAD < count)
      for (int p = 0; p < size; p += CACHE_LINE) __builtin_prefetch(image(i + AHEAD) + p);
    memcpy(row, image(i), size); // read once: the memory is shared, and might change
    for (int s = 0; s < strips; s++) memcpy((uint8_t *)target(s, i), row + s * STRIP, STRIP);
    if (matrix) {
      float *to = matrix + i * stride;
      for (int p = 0; p < size; p++) to[p] = row[p] * (1 / 255.0f);
    } else {
      end = list(end);
      imageEnds[i] = (int)(end - images);
    }
  }
  if (pixels) sortByPixel();
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "litOf takes the first of eight pixels as the lowest byte");

/** A bit for each of 64 pixels that is not 0, eight at once. */
static uint64_t litOf(const uint8_t *row) {
  uint64_t bits = 0;
  for (int n = 0; n < 8; n++) {
    uint64_t eight;
    memcpy(&eight, row + 8 * n, 8);
    const uint64_t seven = 0x7f7f7f7f7f7f7f7f, highest = (((eight & seven) + seven) | eight) & ~seven;
    bits |= ((highest >> 7) * 0x0102040810204080 >> 56) << (8 * n);
  }
  return bits;
}

/** Appends the lit pixels of `row`. */
Lit *Batch::list(Lit *end) const {
  for (int p = 0; p < size; p += 64)
    for (uint64_t lit = litOf(row + p); lit; lit &= lit - 1) {
      const int q = p + __builtin_ctzll(lit);
      *end++ = {q, row[q] * (1 / 255.0f)};
    }
  return end;
}

void Batch::sortByPixel() {
  memset(next, 0, sizeof(int) * size);
  for (const Lit *lit = images; lit < ofImage(count); lit++) next[lit->index]++;
  for (int p = 0, before = 0; p < size; p++) {
    const int own = next[p];
    next[p] = before;
    pixelEnds[p] = before += own;
  }
  Lit *sorted = pixels;
  for (int i = 0; i < count; i++)
    for (const Lit *lit = ofImage(i), *end = ofImage(i + 1); lit < end; lit++) sorted[next[lit->index]++] = {i, lit->value};
}

Form formFor(const Images &images) {
  constexpr int SAMPLE = 1000;
  const int number = images.count < SAMPLE ? images.count : SAMPLE;
  uint64_t lit = 0;
  for (int n = 0; n < number; n++) {
    const uint8_t *image = images.pixels + (size_t)((uint64_t)n * images.count / number) * images.size;
    for (int p = 0; p < images.size; p++) lit += image[p] != 0;
  }
  return lit > DENSE * number * images.size ? MATRIX : LISTS;
}
