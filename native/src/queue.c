#include "queue.h"

#include <stdlib.h>

struct entry {
  struct frame *frame;
  struct entry *next;
  struct entry *previous;
  /* The next one that may be shed. */
  struct entry *next_sheddable;
};

/* What an entry costs beside its text. */
static size_t cost(const struct frame *frame) { return frame->text.room + sizeof(struct entry) + sizeof(struct frame); }

static struct frame *take(struct queue *queue, struct entry *entry) {
  struct frame *frame = entry->frame;
  if (entry->previous != NULL) entry->previous->next = entry->next;
  if (entry->next != NULL) entry->next->previous = entry->previous;
  if (queue->first == entry) queue->first = entry->next;
  if (queue->last == entry) queue->last = entry->previous;
  if (frame->kind == FRAME_CONTROL) {
    queue->control_bytes -= cost(frame);
  } else {
    /* Always the oldest of its kind: both what is written and what is shed comes from that end. */
    queue->first_sheddable = entry->next_sheddable;
    if (queue->first_sheddable == NULL) queue->last_sheddable = NULL;
    queue->sheddable_bytes -= cost(frame);
  }
  queue->frames--;
  free(entry);
  return frame;
}

static void shed_oldest(struct queue *queue) {
  struct frame *frame = take(queue, queue->first_sheddable);
  struct shed *shed = &queue->shed[frame->source];
  if (frame->kind == FRAME_DATA) {
    if (shed->from == 0) shed->from = frame->n;
    shed->to = frame->n;
  }
  shed->count++;
  queue->any_shed = true;
  frame_let_go(frame);
}

/* The oldest does not count: it is written next, however large it is, unless too much has come behind it. */
static size_t behind_oldest(const struct queue *queue) {
  return queue->sheddable_bytes - cost(queue->first_sheddable->frame);
}

static void make_room(struct queue *queue) {
  if (behind_oldest(queue) <= queue->limit) return;
  size_t goal = queue->limit - queue->limit / 4;
  while (queue->first_sheddable != queue->last_sheddable && behind_oldest(queue) > goal) shed_oldest(queue);
}

void queue_push(struct queue *queue, struct frame *frame) {
  struct entry *entry = must_have(sizeof *entry);
  *entry = (struct entry){.frame = frame_hold(frame), .previous = queue->last};
  if (queue->last != NULL) queue->last->next = entry;
  queue->last = entry;
  if (queue->first == NULL) queue->first = entry;
  queue->frames++;
  if (frame->kind == FRAME_CONTROL) {
    queue->control_bytes += cost(frame);
    return;
  }
  if (queue->last_sheddable != NULL) queue->last_sheddable->next_sheddable = entry;
  queue->last_sheddable = entry;
  if (queue->first_sheddable == NULL) queue->first_sheddable = entry;
  queue->sheddable_bytes += cost(frame);
  make_room(queue);
}

bool queue_is_empty(const struct queue *queue) {
  return queue->first == NULL && queue->current == NULL && !queue->any_shed;
}

size_t queue_bytes(const struct queue *queue) { return queue->sheddable_bytes + queue->control_bytes; }

static struct frame *next_gap(struct queue *queue) {
  for (int source = 0; source < SOURCE_COUNT; source++) {
    struct shed *shed = &queue->shed[source];
    if (shed->count == 0) continue;
    struct text text = {NULL, 0, 0};
    struct gap gap = {(enum source)source, shed->from, shed->to, shed->count, "helper-overflow"};
    frame_gap(&text, &gap);
    frame_end(&text);
    queue->told[source] += (uint64_t)shed->count;
    *shed = (struct shed){0, 0, 0};
    return frame_of(&text, FRAME_CONTROL, (enum source)source, 0);
  }
  queue->any_shed = false;
  return NULL;
}

const char *queue_next(struct queue *queue, size_t *length) {
  if (queue->current == NULL) {
    if (queue->any_shed) queue->current = next_gap(queue);
    if (queue->current == NULL && queue->first != NULL) queue->current = take(queue, queue->first);
    queue->written = 0;
  }
  if (queue->current == NULL) return NULL;
  *length = queue->current->text.length - queue->written;
  return queue->current->text.bytes + queue->written;
}

void queue_wrote(struct queue *queue, size_t length) {
  queue->written += length;
  if (queue->written < queue->current->text.length) return;
  frame_let_go(queue->current);
  queue->current = NULL;
}

void queue_free(struct queue *queue) {
  if (queue->current != NULL) frame_let_go(queue->current);
  queue->current = NULL;
  while (queue->first != NULL) frame_let_go(take(queue, queue->first));
}
