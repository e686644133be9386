#ifndef SEALBAR_SPOOL_H
#define SEALBAR_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

/*
 * What was said and not yet acknowledged: first in memory, then in capped files of frames, one a line, that outlive the
 * daemon. Every frame has a position, counting up for ever; positions mean something to this process only.
 */

struct spool_limits {
  uint64_t bytes;
  uint64_t segment;
};

/* False when the folder is not ours alone; `*why` says so. */
bool spool_open(const char *folder, const struct spool_limits *limits, const char **why);

void spool_append(struct frame *frame);
/* The newest position. */
uint64_t spool_position(void);
/* Everything up to that position is kept by somebody. */
void spool_forget(uint64_t position, uint64_t lost_read);
/* Writes what is in memory only. */
void spool_flush(void);
/* The same, if it has been there for long or is much. */
void spool_flush_if_old(void);

uint64_t spool_bytes(void);
uint64_t spool_shed(void);

/* A reader's place. Zeroed is the beginning. */
struct spool_reader {
  int fd;
  bool started;
  bool in_lost;
  uint64_t segment;
  /* Position of the last record that was read. */
  uint64_t position;
  /* How much of the file of what was lost has been told. */
  uint64_t lost_read;
  struct text pending;
  /* Said last; the same one, at the head of the next file, is not said again. */
  struct text hello;
};

enum spool_read { SPOOL_SOME, SPOOL_END };
/* Takes the next lines, whole ones, at least one if there is one: hellos, frames, and gaps for what was lost. */
enum spool_read spool_read(struct spool_reader *reader, struct text *lines);
/* Whether this was the last hello that it read. */
bool spool_said_hello(const struct spool_reader *reader, const struct frame *hello);
void spool_reader_free(struct spool_reader *reader);

#endif
