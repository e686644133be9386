#ifndef SEALBAR_QUEUE_H
#define SEALBAR_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct entry;

struct shed {
  uint64_t from;
  uint64_t to;
  int64_t count;
};

/*
 * What waits for one reader. Bounded: when the frames that may be shed need more than `limit` bytes, the oldest of
 * them go until a quarter is free, and a gap takes their place. The oldest is not counted, so a single frame always fits.
 */
struct queue {
  struct entry *first;
  struct entry *last;
  struct entry *first_sheddable;
  struct entry *last_sheddable;
  size_t limit;
  size_t sheddable_bytes;
  size_t control_bytes;
  size_t frames;
  /* Shed and not yet told. */
  struct shed shed[SOURCE_COUNT];
  bool any_shed;
  /* Told in gaps so far. */
  uint64_t told[SOURCE_COUNT];
  /* Being written, and how much of it was. */
  struct frame *current;
  size_t written;
};

/* The queue holds the frame itself. */
void queue_push(struct queue *queue, struct frame *frame);
bool queue_is_empty(const struct queue *queue);
size_t queue_bytes(const struct queue *queue);

/* Bytes to write next; NULL when there are none. They stay until `queue_wrote` has covered them. */
const char *queue_next(struct queue *queue, size_t *length);
void queue_wrote(struct queue *queue, size_t length);

void queue_free(struct queue *queue);

#endif
