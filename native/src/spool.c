#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "hub.h"
#include "platform.h"
#include "program.h"
#include "tally.h"

enum {
  MAX_SEGMENTS = 64,
  NAME_SIZE = 64,
  /* In memory at most so long, if somebody may still acknowledge it before it must be written. */
  MEMORY_MS = MS(5000),
  CHUNK = 256 * 1024,
};
#define MEMORY_BYTES ((size_t)4 * 1024 * 1024)
#define MOST_LOST_BYTES ((uint64_t)256 * 1024)

static const char LOST_NAME[] = "lost.jsonl";

/* A file of frames. The first line is the session's hello and has no position. */
struct segment {
  /* Position of its first record; its name. */
  uint64_t first;
  uint64_t count;
  uint64_t bytes;
};

struct kept_frame {
  struct frame *frame;
  struct kept_frame *next;
};

static struct {
  int folder;
  struct spool_limits limits;
  struct segment segments[MAX_SEGMENTS];
  size_t count;
  /* The last segment while it is written; -1: a new one begins. */
  int out;
  uint64_t position;
  uint64_t bytes;
  uint64_t lost_bytes;
  uint64_t shed;
  struct kept_frame *first;
  struct kept_frame *last;
  size_t memory_count;
  size_t memory_bytes;
  int64_t memory_since;
} spool = {.folder = -1, .out = -1};

static void segment_name(uint64_t first, char name[NAME_SIZE]) {
  snprintf(name, NAME_SIZE, "seg-%016" PRIx64 ".jsonl", first);
}

static bool write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t put = write(fd, bytes, length);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes += put;
    length -= (size_t)put;
  }
  return true;
}

/* What is given up is told, at once and for good: as gaps that the next reader meets first. */
static void keep_lost(const struct tally *tally, const char *hello, size_t hello_length) {
  struct text lines = {NULL, 0, 0};
  spool.shed += tally->records;
  text_bytes(&lines, hello, hello_length);
  tally_gaps(tally, &lines);
  if (tally->records > 0 && spool.lost_bytes + lines.length <= MOST_LOST_BYTES) {
    int fd = openat(spool.folder, LOST_NAME, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) {
      /* Without room on the disk only the count is left, and the numbers themselves show the hole. */
      if (write_all(fd, lines.bytes, lines.length)) spool.lost_bytes += lines.length;
      close(fd);
    }
  }
  text_free(&lines);
}

static void remove_segment(size_t i) {
  char name[NAME_SIZE];
  segment_name(spool.segments[i].first, name);
  if (i + 1 == spool.count && spool.out >= 0) {
    close(spool.out);
    spool.out = -1;
  }
  unlinkat(spool.folder, name, 0);
  spool.bytes -= spool.segments[i].bytes;
  memmove(&spool.segments[i], &spool.segments[i + 1], (spool.count - i - 1) * sizeof spool.segments[0]);
  spool.count--;
}

static bool read_file(int fd, struct text *text) {
  char chunk[16384];
  text_clear(text);
  for (;;) {
    ssize_t got = read(fd, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    text_bytes(text, chunk, (size_t)got);
  }
}

static void give_up_oldest(void) {
  char name[NAME_SIZE];
  struct text text = {NULL, 0, 0};
  struct tally tally = {0};
  segment_name(spool.segments[0].first, name);
  int fd = openat(spool.folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0) {
    read_file(fd, &text);
    close(fd);
  }
  const char *newline = text.length == 0 ? NULL : memchr(text.bytes, '\n', text.length);
  size_t hello = newline == NULL ? 0 : (size_t)(newline - text.bytes) + 1;
  tally_lines(&tally, text.bytes + hello, text.length - hello);
  keep_lost(&tally, text.bytes, hello);
  text_free(&text);
  remove_segment(0);
}

static void stay_within_limit(void) {
  while (spool.count > 1 && spool.bytes > spool.limits.bytes) give_up_oldest();
}

static bool begin_segment(void) {
  char name[NAME_SIZE];
  const struct frame *hello = hub_hello();
  if (spool.count == MAX_SEGMENTS) give_up_oldest();
  uint64_t first = spool.position - spool.memory_count + 1;
  segment_name(first, name);
  int fd = openat(spool.folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  if (!write_all(fd, hello->text.bytes, hello->text.length)) {
    close(fd);
    unlinkat(spool.folder, name, 0);
    return false;
  }
  spool.out = fd;
  spool.segments[spool.count++] = (struct segment){first, 0, hello->text.length};
  spool.bytes += hello->text.length;
  return true;
}

static void end_segment(void) {
  if (spool.out >= 0) close(spool.out);
  spool.out = -1;
}

static bool write_frame(const struct frame *frame) {
  if (spool.out >= 0 && spool.segments[spool.count - 1].bytes >= spool.limits.segment) end_segment();
  if (spool.out < 0 && !begin_segment()) return false;
  struct segment *segment = &spool.segments[spool.count - 1];
  if (!write_all(spool.out, frame->text.bytes, frame->text.length)) {
    /* No half a line. */
    if (ftruncate(spool.out, (off_t)segment->bytes) == 0) lseek(spool.out, (off_t)segment->bytes, SEEK_SET);
    return false;
  }
  segment->count++;
  segment->bytes += frame->text.length;
  spool.bytes += frame->text.length;
  return true;
}

static void drop_first(void) {
  struct kept_frame *kept = spool.first;
  spool.first = kept->next;
  if (spool.first == NULL) spool.last = NULL;
  spool.memory_count--;
  spool.memory_bytes -= kept->frame->text.length;
  frame_let_go(kept->frame);
  free(kept);
}

void spool_flush(void) {
  struct tally lost = {0};
  if (spool.folder < 0) return;
  while (spool.first != NULL) {
    const struct frame *frame = spool.first->frame;
    if (!write_frame(frame)) {
      tally_lines(&lost, frame->text.bytes, frame->text.length);
      /* Positions go on without it, so the next segment begins behind it. */
      end_segment();
    }
    drop_first();
    stay_within_limit();
  }
  if (lost.records > 0) keep_lost(&lost, hub_hello()->text.bytes, hub_hello()->text.length);
}

void spool_flush_if_old(void) {
  if (spool.first == NULL) return;
  if (spool.memory_bytes > MEMORY_BYTES || awake_ms() - spool.memory_since >= MEMORY_MS) spool_flush();
}

void spool_append(struct frame *frame) {
  if (spool.folder < 0) return;
  struct kept_frame *kept = must_have(sizeof *kept);
  kept->frame = frame_hold(frame);
  if (spool.first == NULL) {
    spool.first = kept;
    spool.memory_since = awake_ms();
  } else {
    spool.last->next = kept;
  }
  spool.last = kept;
  spool.memory_count++;
  spool.memory_bytes += frame->text.length;
  spool.position++;
}

uint64_t spool_position(void) { return spool.position; }
uint64_t spool_bytes(void) { return spool.bytes + spool.memory_bytes; }
uint64_t spool_shed(void) { return spool.shed; }

void spool_forget(uint64_t position, uint64_t lost_read) {
  while (spool.count > 0) {
    const struct segment *oldest = &spool.segments[0];
    if (oldest->first + oldest->count > position + 1) break;
    remove_segment(0);
  }
  while (spool.first != NULL && spool.position - spool.memory_count + 1 <= position) drop_first();
  if (spool.first != NULL) spool.memory_since = awake_ms();
  if (spool.lost_bytes > 0 && spool.lost_bytes == lost_read) {
    unlinkat(spool.folder, LOST_NAME, 0);
    spool.lost_bytes = 0;
  }
}

static int by_first(const void *one, const void *other) {
  const struct segment *a = one;
  const struct segment *b = other;
  return a->first < b->first ? -1 : a->first > b->first;
}

/* Looks at a file of an earlier run; its last line may be torn, and is then cut off. */
static bool adopt(uint64_t first, struct segment *segment) {
  char name[NAME_SIZE];
  struct text text = {NULL, 0, 0};
  segment_name(first, name);
  int fd = openat(spool.folder, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return false;
  bool readable = read_file(fd, &text);
  size_t whole = text.length;
  while (whole > 0 && text.bytes[whole - 1] != '\n') whole--;
  bool usable = readable && (whole == text.length || ftruncate(fd, (off_t)whole) == 0);
  close(fd);
  uint64_t lines = 0;
  for (size_t i = 0; i < whole; i++) lines += text.bytes[i] == '\n';
  text_free(&text);
  *segment = (struct segment){first, lines > 0 ? lines - 1 : 0, whole};
  if (usable && lines > 1) return true;
  unlinkat(spool.folder, name, 0);
  return false;
}

static void adopt_all(void) {
  int copy = openat(spool.folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *listing = copy < 0 ? NULL : fdopendir(copy);
  struct stat info;
  if (listing == NULL) return;
  for (struct dirent *entry = readdir(listing); entry != NULL && spool.count < MAX_SEGMENTS; entry = readdir(listing)) {
    uint64_t first;
    char name[NAME_SIZE];
    if (sscanf(entry->d_name, "seg-%16" SCNx64, &first) != 1) continue;
    segment_name(first, name);
    if (strcmp(name, entry->d_name) != 0) continue;
    if (adopt(first, &spool.segments[spool.count])) spool.count++;
  }
  closedir(listing);
  qsort(spool.segments, spool.count, sizeof spool.segments[0], by_first);
  for (size_t i = 0; i < spool.count; i++) spool.bytes += spool.segments[i].bytes;
  if (spool.count > 0) spool.position = spool.segments[spool.count - 1].first + spool.segments[spool.count - 1].count - 1;
  if (fstatat(spool.folder, LOST_NAME, &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_size > 0) spool.lost_bytes = (uint64_t)info.st_size;
}

bool spool_open(const char *folder, const struct spool_limits *limits, const char **why) {
  struct stat info;
  if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
    *why = "the spool's folder cannot be made";
    return false;
  }
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &info) != 0) {
    *why = "the spool's folder is not a folder";
    return false;
  }
  if (info.st_uid != platform_owner() || (info.st_mode & 077) != 0) {
    close(fd);
    *why = "the spool's folder belongs to or is open to somebody else";
    return false;
  }
  spool.folder = fd;
  spool.limits = *limits;
  adopt_all();
  return true;
}

static int open_next(struct spool_reader *reader) {
  char name[NAME_SIZE];
  if (!reader->started) {
    reader->started = true;
    reader->in_lost = true;
    int fd = openat(spool.folder, LOST_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) return fd;
  }
  reader->in_lost = false;
  for (size_t i = 0; i < spool.count; i++) {
    const struct segment *segment = &spool.segments[i];
    if (segment->first <= reader->segment) continue;
    reader->segment = segment->first;
    /* The hello has no position: it is counted as the one before the first. */
    reader->position = segment->first >= 2 ? segment->first - 2 : UINT64_MAX;
    segment_name(segment->first, name);
    int fd = openat(spool.folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) return fd;
  }
  return -1;
}

static void count_lines(struct spool_reader *reader, const char *bytes, size_t length) {
  if (reader->in_lost) {
    reader->lost_read += length;
    return;
  }
  for (size_t i = 0; i < length; i++) reader->position += bytes[i] == '\n';
}

/* Hands the lines over, but for a hello that says again what the last one said. */
static void hand_over(struct spool_reader *reader, const char *bytes, size_t length, struct text *lines) {
  static const char HELLO[] = "{\"v\":1,\"t\":\"hello\"";
  while (length > 0) {
    const char *newline = memchr(bytes, '\n', length);
    size_t piece = newline == NULL ? length : (size_t)(newline - bytes) + 1;
    bool is_hello = piece >= sizeof HELLO - 1 && memcmp(bytes, HELLO, sizeof HELLO - 1) == 0;
    bool is_known = is_hello && piece == reader->hello.length && memcmp(bytes, reader->hello.bytes, piece) == 0;
    if (!is_known) text_bytes(lines, bytes, piece);
    if (is_hello && !is_known) {
      text_clear(&reader->hello);
      text_bytes(&reader->hello, bytes, piece);
    }
    bytes += piece;
    length -= piece;
  }
}

bool spool_said_hello(const struct spool_reader *reader, const struct frame *hello) {
  return reader->hello.length == hello->text.length && memcmp(reader->hello.bytes, hello->text.bytes, hello->text.length) == 0;
}

enum spool_read spool_read(struct spool_reader *reader, struct text *lines) {
  static char chunk[CHUNK];
  spool_flush();
  text_clear(lines);
  for (;;) {
    if (reader->fd <= 0) reader->fd = open_next(reader);
    if (reader->fd < 0) return SPOOL_END;
    ssize_t got = read(reader->fd, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      /* The end of what is written. A last segment may still grow: it stays open, and the next read goes on. */
      bool last = !reader->in_lost && spool.count > 0 && spool.segments[spool.count - 1].first == reader->segment;
      if (last && spool.out >= 0) return SPOOL_END;
      close(reader->fd);
      reader->fd = 0;
      text_clear(&reader->pending);
      continue;
    }
    text_bytes(&reader->pending, chunk, (size_t)got);
    size_t whole = reader->pending.length;
    while (whole > 0 && reader->pending.bytes[whole - 1] != '\n') whole--;
    if (whole == 0) continue;
    count_lines(reader, reader->pending.bytes, whole);
    hand_over(reader, reader->pending.bytes, whole, lines);
    memmove(reader->pending.bytes, reader->pending.bytes + whole, reader->pending.length - whole);
    reader->pending.length -= whole;
    if (lines->length > 0) return SPOOL_SOME;
  }
}

void spool_reader_free(struct spool_reader *reader) {
  if (reader->fd > 0) close(reader->fd);
  text_free(&reader->pending);
  text_free(&reader->hello);
  *reader = (struct spool_reader){0};
}
