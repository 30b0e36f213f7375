// Images of a batch in the forms in which the layers take them: lists of lit pixels or a matrix, and targets.
#pragma once
#include "memory.h"

/** Columns that vectors hold. */
constexpr int STRIP = 16;

/** Images as stored: one row of `size` bytes each. */
struct Images {
  const uint8_t *pixels;
  int count, size;
};

/** How the first layer takes images: lists are faster where enough pixels are black. */
enum Form { LISTS, MATRIX };

struct Lit {
  int32_t index; // of the pixel in its image, or of the image in its batch
  float value;   // 0 to 1
};

class Batch {
  int size, strips;
  Lit *images, *pixels;     // lit pixels by image, and by pixel
  int *imageEnds, *pixelEnds;
  int *next;
  uint8_t *row;
  uint8_t *targets;         // [strips, count, 16] and a cache line between strips, so that they don't share the cache's sets

public:
  int count = 0;
  float *matrix;            // [count, stride], null in the form of lists
  size_t stride;

  /** For at most `most` images; by pixel as well where gradients are wanted. */
  void layOut(Arena &arena, int most, int size, Form form, bool byPixel);

  /** Takes the images order[0 … count − 1]. */
  void fill(const Images &from, const int32_t *order, int count);

  const Lit *ofImage(int i) const { return images + (i == 0 ? 0 : imageEnds[i - 1]); }
  const Lit *ofPixel(int p) const { return pixels + (p == 0 ? 0 : pixelEnds[p - 1]); }
  /** A strip of the images from the i-th on, 16 bytes each: what a strip of outputs is compared with. */
  const uint8_t *target(int strip, int i) const { return targets + ((size_t)strip * (count + 4) + i) * STRIP; }

private:
  Lit *list(Lit *end) const;
  void sortByPixel();
};

/** The form for images like these: their share of lit pixels decides. */
Form formFor(const Images &images);
