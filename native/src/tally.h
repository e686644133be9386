#ifndef SEALBAR_TALLY_H
#define SEALBAR_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

/* What is in some frames of ours, by the head that we gave them; for when they must be given up. */
struct tally {
  uint64_t records;
  struct {
    uint64_t from;
    uint64_t to;
    int64_t count;
    /* Something of it was lost already, and nobody knew how much. */
    bool unknown;
  } of[SOURCE_COUNT];
};

void tally_lines(struct tally *tally, const char *lines, size_t length);

/* Gap frames that say the same, one a line. */
void tally_gaps(const struct tally *tally, struct text *lines);

#endif
