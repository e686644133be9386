#ifndef SEALBAR_FRAME_H
#define SEALBAR_FRAME_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "text.h"

/* Longest frame, its newline included. */
#define MAX_FRAME_BYTES ((size_t)16 * 1024 * 1024)
/* Longest line of a source: what is left for it beside the frame's head. */
#define MAX_LINE_BYTES (MAX_FRAME_BYTES - 4096)

enum source { SOURCE_ES, SOURCE_LOG, SOURCE_FS, SOURCE_PROC, SOURCE_PROBE, SOURCE_COUNT };

extern const char *const SOURCE_NAMES[SOURCE_COUNT];

/* Returns SOURCE_COUNT for none. */
enum source source_named(const char *name);

enum frame_kind {
  /* Has a number. May be shed, and is then told in a gap. */
  FRAME_DATA,
  /* Has none. May be shed, and is then counted. */
  FRAME_PROBE,
  /* Never shed. */
  FRAME_CONTROL,
};

/* A line that is said to one or several readers, newline included. */
struct frame {
  struct text text;
  enum frame_kind kind;
  enum source source;
  uint64_t n;
  uint32_t holders;
};

/* Writes the beginning of a frame: version and type. */
void frame_begin(struct text *text, const char *type);
void frame_key(struct text *text, const char *key);
void frame_text(struct text *text, const char *key, const char *value);
/* The same, but null for NULL or nothing. */
void frame_text_or_null(struct text *text, const char *key, const char *value);
void frame_number(struct text *text, const char *key, int64_t value);
void frame_bool(struct text *text, const char *key, bool value);
void frame_at(struct text *text);
void frame_time(struct text *text, const char *key, struct timespec time);
void frame_end(struct text *text);

/* Takes the text over; it is empty afterwards. Held once. */
struct frame *frame_of(struct text *text, enum frame_kind kind, enum source source, uint64_t n);
struct frame *frame_hold(struct frame *frame);
void frame_let_go(struct frame *frame);

/* A gap frame; `from` 0: no numbers; `count` negative: nobody knows. */
struct gap {
  enum source source;
  uint64_t from;
  uint64_t to;
  int64_t count;
  const char *why;
};
void frame_gap(struct text *text, const struct gap *gap);

#endif
