#ifndef SEALBAR_JOB_H
#define SEALBAR_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "child.h"
#include "framer.h"
#include "loop.h"
#include "text.h"

/* What was kept of an output; more is read, thrown away and counted. */
struct kept {
  struct text text;
  uint64_t dropped;
};

struct job;
typedef void job_fn(void *self, struct job *job);

/* A program that answers and ends: it has a time limit, and its output a size limit. */
struct job {
  struct child child;
  struct kept out;
  struct kept err;
  size_t limit;
  /* Set by who wants lines instead of text; then at most `lines_limit` bytes are read, and what was more is `cut`. */
  struct framer *lines;
  uint64_t lines_limit;
  uint64_t lines_read;
  bool cut;
  struct timer deadline;
  int64_t started;
  int64_t ms;
  /* -1 when it did not end by itself: not startable, ended by a signal, or by us at its limit. */
  int exit_code;
  bool timed_out;
  /* errno of the start when it could not be started, else 0. */
  int start_error;
  bool running;
  job_fn *on_done;
  void *self;
};

struct job_limits {
  int64_t ms;
  /* Bytes kept of each output. */
  size_t kept;
};

/*
 * Starts it; `on_done` follows, also when it cannot be started (then before this returns). Whoever sets `lines` and
 * `lines_limit` sets them before.
 */
void job_start(struct job *job, const char *const argv[], const struct identity *as, struct job_limits limits, job_fn *on_done, void *self);

/* Ends it without telling anyone. */
void job_stop(struct job *job);

/* Frees what it kept; it can be started again. */
void job_clear(struct job *job);

#endif
