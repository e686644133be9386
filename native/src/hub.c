#include "hub.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "host.h"
#include "json.h"
#include "platform.h"

#ifndef SEALBAR_VERSION
#define SEALBAR_VERSION "0.0.0"
#endif

/* Kept of a line that is no object. */
#define LINE_TEXT ((size_t)64 * 1024)

static struct {
  char session[37];
  const char *tier;
  int64_t started;
  unsigned sources;
  hub_fn *listener;
  struct frame *hello;
  struct frame *status[SOURCE_COUNT];
  /* What the last status said beside its time. */
  struct text said[SOURCE_COUNT];
  struct hub_counts counts[SOURCE_COUNT];
} hub;

static void publish(struct frame *frame) {
  hub.listener(frame);
  frame_let_go(frame);
}

static void make_hello(void) {
  struct text text = {NULL, 0, 0};
  bool first = true;
  frame_begin(&text, "hello");
  frame_text(&text, "session", hub.session);
  frame_at(&text);
  frame_key(&text, "host");
  host_json(&text);
  frame_key(&text, "helper");
  text_add(&text, "{\"version\":");
  json_text(&text, SEALBAR_VERSION);
  frame_bool(&text, "privileged", platform_is_privileged());
  frame_text(&text, "tier", hub.tier);
  text_add(&text, "}");
  frame_key(&text, "sources");
  text_char(&text, '[');
  for (int source = 0; source < SOURCE_COUNT; source++) {
    if ((hub.sources & 1u << source) == 0) continue;
    if (!first) text_char(&text, ',');
    json_text(&text, SOURCE_NAMES[source]);
    first = false;
  }
  text_char(&text, ']');
  frame_end(&text);
  hub.hello = frame_of(&text, FRAME_CONTROL, SOURCE_PROBE, 0);
}

bool hub_init(const char *tier, unsigned sources, hub_fn *listener) {
  hub.tier = tier;
  hub.started = awake_ms();
  hub.sources = sources;
  hub.listener = listener;
  if (random_uuid(hub.session) != 0) return false;
  make_hello();
  return true;
}

int64_t hub_started_ms(void) { return hub.started; }
const char *hub_session(void) { return hub.session; }
const char *hub_tier(void) { return hub.tier; }
unsigned hub_sources(void) { return hub.sources; }
const struct hub_counts *hub_counts(enum source source) { return &hub.counts[source]; }
struct frame *hub_hello(void) { return hub.hello; }
struct frame *hub_last_status(enum source source) { return hub.status[source]; }

static uint64_t count_line(enum source source) {
  struct hub_counts *counts = &hub.counts[source];
  counts->lines++;
  counts->last = wall_now();
  return ++counts->n;
}

static void begin_numbered(struct text *text, const char *type, enum source source, uint64_t n) {
  frame_begin(text, type);
  text_add(text, ",\"src\":\"");
  text_add(text, SOURCE_NAMES[source]);
  text_add(text, "\",\"n\":");
  text_number(text, (int64_t)n);
  frame_time(text, "at", hub.counts[source].last);
}

static void say_event(enum source source, uint64_t n, const char *body, size_t length, bool replayed) {
  struct text text = {NULL, 0, 0};
  text_reserve(&text, length + 128);
  begin_numbered(&text, "event", source, n);
  if (replayed) frame_bool(&text, "replayed", true);
  frame_key(&text, "body");
  json_copy(&text, body, length);
  frame_end(&text);
  /* Only bytes that are not UTF-8 can have made it longer than the line was. */
  if (text.length > MAX_FRAME_BYTES) {
    text_free(&text);
    struct line line = {body, LONG_LINE_HEAD, length, true};
    hub.counts[source].n--;
    hub.counts[source].lines--;
    hub_line(source, &line, replayed);
    return;
  }
  publish(frame_of(&text, FRAME_DATA, source, n));
}

static void say_text(enum source source, uint64_t n, const struct line *line, bool replayed) {
  struct text text = {NULL, 0, 0};
  size_t kept = line->length < LINE_TEXT ? line->length : LINE_TEXT;
  begin_numbered(&text, "line", source, n);
  if (replayed) frame_bool(&text, "replayed", true);
  if (line->length > kept) frame_number(&text, "cut", (int64_t)(line->length - kept));
  frame_key(&text, "text");
  json_string(&text, line->bytes, kept);
  frame_end(&text);
  publish(frame_of(&text, FRAME_DATA, source, n));
}

static void say_unreadable(enum source source, uint64_t n, const struct line *line) {
  struct text text = {NULL, 0, 0};
  struct gap gap = {source, n, n, 1, "unreadable"};
  uint64_t length = line->too_long > 0 ? line->too_long : line->length;
  hub.counts[source].unreadable++;
  frame_gap(&text, &gap);
  frame_number(&text, "bytes", (int64_t)length);
  frame_key(&text, "head");
  json_string(&text, line->bytes, line->length < LONG_LINE_HEAD ? line->length : LONG_LINE_HEAD);
  frame_end(&text);
  publish(frame_of(&text, FRAME_DATA, source, n));
}

void hub_line(enum source source, const struct line *line, bool replayed) {
  const char *bytes = line->bytes;
  size_t length = line->length;
  uint64_t n = count_line(source);
  if (line->too_long > 0) {
    say_unreadable(source, n, line);
    return;
  }
  while (length > 0 && (*bytes == ' ' || *bytes == '\t')) {
    bytes++;
    length--;
  }
  while (length > 0 && (bytes[length - 1] == ' ' || bytes[length - 1] == '\t')) length--;
  if (json_is_object(bytes, length)) {
    say_event(source, n, bytes, length, replayed);
  } else if (!line->ended && length > 0 && bytes[0] == '{') {
    /* A record that its program did not come to finish. */
    say_unreadable(source, n, line);
  } else {
    say_text(source, n, line, replayed);
  }
}

void hub_body(enum source source, struct text *body) {
  uint64_t n = count_line(source);
  say_event(source, n, body->bytes, body->length, false);
  text_free(body);
}

void hub_say(struct text *text, enum frame_kind kind, enum source source) {
  publish(frame_of(text, kind, source, 0));
}

void hub_gap(const struct gap *gap) {
  struct text text = {NULL, 0, 0};
  frame_gap(&text, gap);
  frame_end(&text);
  hub_say(&text, FRAME_CONTROL, gap->source);
}

void hub_status(enum source source, const char *state, const char *reason, const char *detail) {
  struct text text = {NULL, 0, 0};
  frame_begin(&text, "status");
  frame_text(&text, "src", SOURCE_NAMES[source]);
  frame_text(&text, "state", state);
  if (reason != NULL) frame_text(&text, "reason", reason);
  if (detail != NULL && detail[0] != '\0') frame_text(&text, "detail", detail);
  struct text *said = &hub.said[source];
  if (said->length == text.length && memcmp(said->bytes, text.bytes, text.length) == 0) {
    text_free(&text);
    return;
  }
  text_clear(said);
  text_bytes(said, text.bytes, text.length);
  frame_at(&text);
  frame_end(&text);
  if (hub.status[source] != NULL) frame_let_go(hub.status[source]);
  hub.status[source] = frame_hold(frame_of(&text, FRAME_CONTROL, source, 0));
  publish(hub.status[source]);
}
