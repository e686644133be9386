#include "frame.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "json.h"

const char *const SOURCE_NAMES[SOURCE_COUNT] = {"es", "log", "fs", "proc", "probe"};

enum source source_named(const char *name) {
  int source = 0;
  while (source < SOURCE_COUNT && strcmp(SOURCE_NAMES[source], name) != 0) source++;
  return (enum source)source;
}

void frame_begin(struct text *text, const char *type) {
  text_add(text, "{\"v\":1,\"t\":\"");
  text_add(text, type);
  text_char(text, '"');
}

void frame_key(struct text *text, const char *key) {
  text_add(text, ",\"");
  text_add(text, key);
  text_add(text, "\":");
}

void frame_text(struct text *text, const char *key, const char *value) {
  frame_key(text, key);
  json_text(text, value);
}

void frame_text_or_null(struct text *text, const char *key, const char *value) {
  frame_key(text, key);
  if (value == NULL || value[0] == '\0') {
    text_add(text, "null");
  } else {
    json_text(text, value);
  }
}

void frame_number(struct text *text, const char *key, int64_t value) {
  frame_key(text, key);
  text_number(text, value);
}

void frame_bool(struct text *text, const char *key, bool value) {
  frame_key(text, key);
  text_add(text, value ? "true" : "false");
}

void frame_time(struct text *text, const char *key, struct timespec time) {
  char at[TIME_TEXT_SIZE];
  time_text(time, at);
  frame_text(text, key, at);
}

void frame_at(struct text *text) { frame_time(text, "at", wall_now()); }

void frame_end(struct text *text) { text_add(text, "}\n"); }

struct frame *frame_of(struct text *text, enum frame_kind kind, enum source source, uint64_t n) {
  struct frame *frame = must_have(sizeof *frame);
  text_fit(text);
  *frame = (struct frame){.text = *text, .kind = kind, .source = source, .n = n, .holders = 1};
  *text = (struct text){NULL, 0, 0};
  return frame;
}

struct frame *frame_hold(struct frame *frame) {
  frame->holders++;
  return frame;
}

void frame_let_go(struct frame *frame) {
  if (--frame->holders > 0) return;
  text_free(&frame->text);
  free(frame);
}

void frame_gap(struct text *text, const struct gap *gap) {
  frame_begin(text, "gap");
  frame_text(text, "src", SOURCE_NAMES[gap->source]);
  if (gap->from > 0) {
    frame_number(text, "from", (int64_t)gap->from);
    frame_number(text, "to", (int64_t)gap->to);
  } else {
    text_add(text, ",\"from\":null,\"to\":null");
  }
  if (gap->count >= 0) {
    frame_number(text, "count", gap->count);
  } else {
    text_add(text, ",\"count\":null");
  }
  frame_text(text, "why", gap->why);
  frame_at(text);
}
