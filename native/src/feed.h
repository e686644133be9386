#ifndef SEALBAR_FEED_H
#define SEALBAR_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "child.h"
#include "framer.h"
#include "frame.h"
#include "loop.h"

struct feed;

/* A source that is a program which goes on talking: started, watched, and started again after a pause. */
struct feed {
  enum source source;
  /* Gets the program ready and then calls `feed_run`, or `feed_deny`. */
  void (*begin)(struct feed *feed);
  /* Stops what `begin` may have under way. */
  void (*cancel)(struct feed *feed);
  /* Which refusal of macOS the text tells of: a reason of the protocol, or NULL. */
  const char *(*denial)(const char *text);
  /* May be NULL. Sees every line after it was said. */
  void (*saw_line)(struct feed *feed, const struct line *line);

  struct child child;
  struct framer lines;
  /* What it last said on its standard error. */
  char said[1025];
  size_t said_length;
  struct timer restart;
  struct timer settle;
  int64_t started;
  int64_t pause;
  unsigned failures;
  bool wanted;
  bool proved;
  /* Its last state was denied or failed, and is until it runs: trying again is no news. */
  bool in_trouble;
};

void feed_init(struct feed *feed);
void feed_start(struct feed *feed);
/* `reason` is said in the status. */
void feed_stop(struct feed *feed, const char *reason);
/* Now instead of after the pause. */
void feed_retry(struct feed *feed);

void feed_run(struct feed *feed, const char *const argv[]);
void feed_deny(struct feed *feed, const char *reason, const char *detail);

#endif
