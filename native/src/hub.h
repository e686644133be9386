#ifndef SEALBAR_HUB_H
#define SEALBAR_HUB_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "frame.h"
#include "framer.h"

/*
 * The session: its name, its numbers, and the way of every frame to whoever listens. A number is given when a line is
 * read, so whatever happens to it afterwards can be accounted for.
 */

struct hub_counts {
  uint64_t n;
  uint64_t lines;
  uint64_t unreadable;
  /* tv_sec 0: never. */
  struct timespec last;
};

typedef void hub_fn(struct frame *frame);

/* Returns false when the system gives no random bytes. `sources`: one bit a source. */
bool hub_init(const char *tier, unsigned sources, hub_fn *listener);

const char *hub_session(void);
/* By `awake_ms`. */
int64_t hub_started_ms(void);
const char *hub_tier(void);
unsigned hub_sources(void);
const struct hub_counts *hub_counts(enum source source);

/* The session's hello, always the same. */
struct frame *hub_hello(void);

/* A line of a source: an event if it is one object, else a line or an unreadable one. */
void hub_line(enum source source, const struct line *line, bool replayed);
/* An object of our own making; takes the text over. */
void hub_body(enum source source, struct text *body);
/* Any other frame; takes the text over. */
void hub_say(struct text *text, enum frame_kind kind, enum source source);
void hub_gap(const struct gap *gap);

/* Said only when it differs from what was said last. `reason` and `detail` may be NULL. */
void hub_status(enum source source, const char *state, const char *reason, const char *detail);
/* The status frame that was said last, or NULL. */
struct frame *hub_last_status(enum source source);

#endif
