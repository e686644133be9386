#include "framer.h"

#include <string.h>

/* After a long line its buffer is given back. */
#define KEPT_ROOM ((size_t)256 * 1024)

void framer_init(struct framer *framer, size_t limit, line_fn *on_line, void *self) {
  *framer = (struct framer){.limit = limit, .on_line = on_line, .self = self};
}

static void hold(struct framer *framer, const char *bytes, size_t length) {
  size_t total = framer->held.length + length;
  if (framer->too_long == 0 && total <= framer->limit) {
    text_bytes(&framer->held, bytes, length);
    return;
  }
  if (framer->too_long == 0) framer->too_long = framer->held.length;
  framer->too_long += length;
  if (framer->held.length < LONG_LINE_HEAD) {
    size_t room = LONG_LINE_HEAD - framer->held.length;
    text_bytes(&framer->held, bytes, length < room ? length : room);
  }
}

static void say(struct framer *framer, const char *bytes, size_t length, bool ended) {
  struct line line = {bytes, length, framer->too_long, ended};
  if (line.too_long > 0) {
    if (line.length > LONG_LINE_HEAD) line.length = LONG_LINE_HEAD;
  } else if (line.length > 0 && bytes[line.length - 1] == '\r') {
    line.length--;
  }
  framer->too_long = 0;
  if (line.length > 0 || line.too_long > 0) framer->on_line(framer->self, &line);
}

static void say_held(struct framer *framer, bool ended) {
  say(framer, framer->held.bytes, framer->held.length, ended);
  text_clear(&framer->held);
  if (framer->held.room > KEPT_ROOM) text_free(&framer->held);
}

void framer_push(struct framer *framer, const char *bytes, size_t length) {
  while (length > 0) {
    const char *newline = memchr(bytes, '\n', length);
    if (newline == NULL) {
      hold(framer, bytes, length);
      return;
    }
    size_t piece = (size_t)(newline - bytes);
    if (framer->held.length == 0 && framer->too_long == 0 && piece <= framer->limit) {
      say(framer, bytes, piece, true);
    } else {
      hold(framer, bytes, piece);
      say_held(framer, true);
    }
    bytes += piece + 1;
    length -= piece + 1;
  }
}

void framer_end(struct framer *framer) {
  if (framer->held.length > 0 || framer->too_long > 0) say_held(framer, false);
}

void framer_free(struct framer *framer) { text_free(&framer->held); }
