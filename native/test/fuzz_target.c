/*
 * What a stranger's bytes reach first: the line framer, the object check, the request parser, and the file of chain heads; and the queue, which takes the
 * bytes for what is done with it. Each must stay within its bounds, say the same however the bytes are cut into pieces, and
 * account for every number. Built with libFuzzer where clang is, else with fuzz_driver.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/anchor.h"
#include "../src/framer.h"
#include "../src/json.h"
#include "../src/queue.h"
#include "../src/request.h"
#include "../src/tally.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

struct seen {
  struct text lines;
  size_t limit;
  uint64_t bytes;
};

static void on_line(void *self, const struct line *line) {
  struct seen *seen = self;
  check(line->length > 0 || line->too_long > 0);
  check(line->too_long == 0 || (line->too_long > seen->limit && line->length <= LONG_LINE_HEAD));
  check(line->too_long > 0 || line->length <= seen->limit);
  check(line->length == 0 || memchr(line->bytes, '\n', line->length) == NULL);
  seen->bytes += line->too_long > 0 ? line->too_long : line->length;
  text_bytes(&seen->lines, line->bytes, line->length);
  text_number(&seen->lines, (int64_t)line->too_long);
  text_char(&seen->lines, line->ended ? '\n' : '!');
}

static void frame(struct seen *seen, const char *bytes, size_t size, size_t piece) {
  struct framer framer;
  framer_init(&framer, seen->limit, on_line, seen);
  for (size_t at = 0; at < size; at += piece) framer_push(&framer, bytes + at, size - at < piece ? size - at : piece);
  framer_end(&framer);
  framer_free(&framer);
}

static void fuzz_framer(const char *bytes, size_t size, size_t limit, size_t piece) {
  struct seen whole = {.limit = limit};
  struct seen pieces = {.limit = limit};
  frame(&whole, bytes, size, size > 0 ? size : 1);
  frame(&pieces, bytes, size, piece);
  check(whole.lines.length == pieces.lines.length && whole.bytes == pieces.bytes && whole.bytes <= size);
  check(whole.lines.length == 0 || memcmp(whole.lines.bytes, pieces.lines.bytes, whole.lines.length) == 0);
  text_free(&whole.lines);
  text_free(&pieces.lines);
}

static bool is_utf8(const struct text *text) {
  for (size_t i = 0; i < text->length;) {
    size_t bad;
    size_t good = json_sequence((const unsigned char *)text->bytes + i, text->length - i, &bad);
    if (good == 0) return false;
    i += good;
  }
  return true;
}

static void fuzz_json(const char *bytes, size_t size) {
  struct text string = {NULL, 0, 0};
  struct text copy = {NULL, 0, 0};
  json_string(&string, bytes, size);
  json_copy(&copy, bytes, size);
  check(is_utf8(&string) && is_utf8(&copy));
  check(string.length >= 2 && memchr(string.bytes, '\n', string.length) == NULL);
  /* Mending the bytes neither makes an object nor breaks one. */
  check(json_is_object(bytes, size) == json_is_object(copy.bytes, copy.length));
  text_free(&string);
  text_free(&copy);
}

static void fuzz_request(const char *bytes, size_t size) {
  static struct request request;
  static struct request again;
  struct text line = {NULL, 0, 0};
  bool good = request_parse(bytes, size, &request);
  check(memchr(request.path, '\0', sizeof request.path) != NULL && memchr(request.r, '\0', sizeof request.r) != NULL);
  check(memchr(request.journal, '\0', sizeof request.journal) != NULL && memchr(request.hash, '\0', sizeof request.hash) != NULL);
  check(request.names.count <= REQUEST_NAMES && request.want.count <= REQUEST_NAMES);
  if (good) {
    check(request.r[0] != '\0' && request.mark >= -1 && request.pid >= -1 && request.seq >= -1);
    /* What was read says the same again. */
    text_add(&line, "{\"r\":");
    json_text(&line, request.r);
    text_add(&line, ",\"path\":");
    json_text(&line, request.path);
    text_add(&line, ",\"id\":");
    request_id_json(&line, &request.id);
    text_char(&line, '}');
    check(request_parse(line.bytes, line.length, &again));
    check(strcmp(again.r, request.r) == 0 && strcmp(again.path, request.path) == 0 && again.id.kind == request.id.kind);
  }
  text_free(&line);
}

/* What is read is exactly what would be written. */
static void fuzz_anchors(const char *bytes, size_t size) {
  static struct anchors anchors;
  struct text text = {NULL, 0, 0};
  bool good = anchor_read(bytes, size, &anchors);
  check(anchors.count <= ANCHOR_PLACES);
  for (size_t i = 0; good && i < anchors.count; i++) check(anchor_is_hash(anchors.list[i].journal) && anchors.list[i].seq >= 1);
  if (good) {
    anchor_write(&anchors, &text);
    check(text.length == size && memcmp(text.bytes, bytes, size) == 0 && size < MAX_ANCHOR_BYTES);
  }
  text_free(&text);
}

static void fuzz_tally(const char *bytes, size_t size) {
  struct tally tally = {0};
  struct text gaps = {NULL, 0, 0};
  tally_lines(&tally, bytes, size);
  tally_gaps(&tally, &gaps);
  text_free(&gaps);
}

/* Every number that was pushed is written or told in a gap, once. */
enum { QUEUED_SOURCES = 2, MOST_QUEUED = 4096 };

struct books {
  uint64_t pushed[QUEUED_SOURCES];
  bool known[QUEUED_SOURCES][MOST_QUEUED + 1];
  uint64_t accounted[QUEUED_SOURCES];
};

static void account(struct books *books, unsigned source, uint64_t n) {
  check(source < QUEUED_SOURCES && n >= 1 && n <= books->pushed[source] && !books->known[source][n]);
  books->known[source][n] = true;
  books->accounted[source]++;
}

static void read_written(struct books *books, const char *bytes, size_t length) {
  char line[256];
  char name[8];
  unsigned source;
  unsigned long long n;
  unsigned long long to;
  unsigned long long count;
  check(length > 0 && length < sizeof line && bytes[length - 1] == '\n');
  memcpy(line, bytes, length);
  line[length] = '\0';
  if (sscanf(line, "data %u %llu", &source, &n) == 2) {
    account(books, source, n);
  } else if (sscanf(line, "{\"v\":1,\"t\":\"gap\",\"src\":\"%7[a-z]\",\"from\":%llu,\"to\":%llu,\"count\":%llu", name, &n, &to, &count) == 4) {
    check(count == to - n + 1);
    for (; n <= to; n++) account(books, (unsigned)source_named(name), n);
  } else {
    check(strncmp(line, "control", 7) == 0);
  }
}

static void drain(struct queue *queue, struct books *books, struct text *line, size_t most) {
  for (size_t length; most > 0; most--) {
    const char *bytes = queue_next(queue, &length);
    if (bytes == NULL) return;
    size_t piece = length > 7 ? 7 : length;
    text_bytes(line, bytes, piece);
    queue_wrote(queue, piece);
    if (line->bytes[line->length - 1] != '\n') continue;
    read_written(books, line->bytes, line->length);
    text_clear(line);
  }
}

static void push(struct queue *queue, struct books *books, unsigned char op) {
  struct text text = {NULL, 0, 0};
  char line[64];
  unsigned source = op & 1;
  bool data = (op & 6) != 0;
  if (data && books->pushed[source] == MOST_QUEUED) return;
  if (data) {
    snprintf(line, sizeof line, "data %u %llu\n", source, (unsigned long long)++books->pushed[source]);
  } else {
    snprintf(line, sizeof line, "control\n");
  }
  text_add(&text, line);
  struct frame *frame = frame_of(&text, data ? FRAME_DATA : FRAME_CONTROL, (enum source)source, data ? books->pushed[source] : 0);
  queue_push(queue, frame);
  frame_let_go(frame);
}

static void fuzz_queue(const unsigned char *ops, size_t count) {
  static struct books books;
  struct queue queue = {.limit = 2000};
  struct text line = {NULL, 0, 0};
  memset(&books, 0, sizeof books);
  for (size_t i = 0; i < count; i++) {
    if (ops[i] < 160) {
      push(&queue, &books, ops[i]);
    } else {
      drain(&queue, &books, &line, ops[i] - 159u);
    }
    check(queue.sheddable_bytes <= queue.limit + 1024);
  }
  drain(&queue, &books, &line, SIZE_MAX);
  check(queue_is_empty(&queue) && queue.frames == 0 && queue_bytes(&queue) == 0);
  for (int source = 0; source < QUEUED_SOURCES; source++) check(books.accounted[source] == books.pushed[source]);
  queue_free(&queue);
  text_free(&line);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
  if (size < 3) return 0;
  const char *bytes = (const char *)data + 3;
  /* Exactly as long as it is, so that a byte too far is seen. */
  char *copy = malloc(size - 3 + (size == 3));
  if (copy == NULL) return 0;
  memcpy(copy, bytes, size - 3);
  fuzz_framer(copy, size - 3, (size_t)data[0] * 8 + 1, (size_t)data[1] + 1);
  fuzz_json(copy, size - 3);
  fuzz_request(copy, size - 3);
  fuzz_anchors(copy, size - 3);
  fuzz_tally(copy, size - 3);
  fuzz_queue(data + 3, size - 3);
  free(copy);
  return 0;
}
