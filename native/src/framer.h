#ifndef SEALBAR_FRAMER_H
#define SEALBAR_FRAMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* Kept of a line that is too long. */
#define LONG_LINE_HEAD ((size_t)512)

/* One line without its newline and without a carriage return before it; it lasts as long as the call. */
struct line {
  const char *bytes;
  size_t length;
  /* 0, or how long the line was: then `bytes` is only its head. */
  uint64_t too_long;
  /* False for what stood after the last newline when the stream ended. */
  bool ended;
};

typedef void line_fn(void *self, const struct line *line);

/* Cuts a stream at 0x0A and nowhere else. Holds at most `limit` bytes, and of a longer line only its head. */
struct framer {
  struct text held;
  size_t limit;
  uint64_t too_long;
  line_fn *on_line;
  void *self;
};

void framer_init(struct framer *framer, size_t limit, line_fn *on_line, void *self);
void framer_push(struct framer *framer, const char *bytes, size_t length);
/* The stream has ended: hands over what is held. The framer can be used again. */
void framer_end(struct framer *framer);
void framer_free(struct framer *framer);

#endif
