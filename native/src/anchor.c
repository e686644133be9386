#include "anchor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"

#define NEXT_FILE ANCHOR_FILE ".new"
#define MAX_SEQ INT64_C(9007199254740991)
static const char HEAD[] = "sealbar-posture-anchor 1\n";

static struct {
  int folder;
  bool damaged;
  struct anchors kept;
} state = {.folder = -1};

static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool anchor_is_hash(const char *text) {
  size_t length = 0;
  while (is_hex(text[length])) length++;
  return length == ANCHOR_HEX && text[length] == '\0';
}

void anchor_write(const struct anchors *anchors, struct text *out) {
  text_add(out, HEAD);
  for (size_t i = 0; i < anchors->count; i++) {
    const struct anchor *one = &anchors->list[i];
    text_number(out, (int64_t)one->uid);
    text_char(out, ' ');
    text_number(out, one->seq);
    text_char(out, ' ');
    text_add(out, one->journal);
    text_char(out, ' ');
    text_add(out, one->hash);
    text_char(out, '\n');
  }
}

struct cursor {
  const char *at;
  const char *end;
};

static bool take(struct cursor *in, char wanted) {
  if (in->at == in->end || *in->at != wanted) return false;
  in->at++;
  return true;
}

static bool take_number(struct cursor *in, int64_t most, int64_t *number) {
  const char *from = in->at;
  *number = 0;
  while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
    *number = *number * 10 + (*in->at++ - '0');
    if (*number > most) return false;
  }
  return in->at > from && (*from != '0' || in->at - from == 1);
}

static bool take_hash(struct cursor *in, char hash[ANCHOR_HEX + 1]) {
  if (in->end - in->at < ANCHOR_HEX) return false;
  memcpy(hash, in->at, ANCHOR_HEX);
  hash[ANCHOR_HEX] = '\0';
  in->at += ANCHOR_HEX;
  return anchor_is_hash(hash);
}

static bool take_anchor(struct cursor *in, struct anchor *one) {
  int64_t uid;
  if (!take_number(in, UINT32_MAX, &uid) || !take(in, ' ')) return false;
  if (!take_number(in, MAX_SEQ, &one->seq) || one->seq < 1 || !take(in, ' ')) return false;
  one->uid = (uid_t)uid;
  return take_hash(in, one->journal) && take(in, ' ') && take_hash(in, one->hash) && take(in, '\n');
}

static struct anchor *find(struct anchors *anchors, uid_t uid, const char *journal) {
  for (size_t i = 0; i < anchors->count; i++) {
    struct anchor *one = &anchors->list[i];
    if (one->uid == uid && strcmp(one->journal, journal) == 0) return one;
  }
  return NULL;
}

bool anchor_read(const char *bytes, size_t length, struct anchors *anchors) {
  struct cursor in = {bytes, bytes + length};
  anchors->count = 0;
  if (length < sizeof HEAD - 1 || memcmp(bytes, HEAD, sizeof HEAD - 1) != 0) return false;
  in.at += sizeof HEAD - 1;
  while (in.at < in.end) {
    struct anchor one;
    if (anchors->count == ANCHOR_PLACES || !take_anchor(&in, &one)) return false;
    if (find(anchors, one.uid, one.journal) != NULL) return false;
    anchors->list[anchors->count++] = one;
  }
  return true;
}

static bool read_all(int fd, char *bytes, size_t room, size_t *length) {
  *length = 0;
  while (*length < room) {
    ssize_t got = read(fd, bytes + *length, room - *length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    *length += (size_t)got;
  }
  return false;
}

static bool read_file(int fd) {
  static char bytes[MAX_ANCHOR_BYTES];
  struct stat info;
  size_t length;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return false;
  if (info.st_uid != platform_owner() || (info.st_mode & 077) != 0) return false;
  return read_all(fd, bytes, sizeof bytes, &length) && anchor_read(bytes, length, &state.kept);
}

void anchor_open(const char *folder) {
  state.kept.count = 0;
  state.folder = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  state.damaged = state.folder < 0;
  if (state.damaged) return;
  int fd = openat(state.folder, ANCHOR_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    state.damaged = errno != ENOENT;
    return;
  }
  state.damaged = !read_file(fd);
  close(fd);
}

bool anchor_is_damaged(void) { return state.damaged; }
const struct anchors *anchor_all(void) { return &state.kept; }
const struct anchor *anchor_find(uid_t uid, const char *journal) { return find(&state.kept, uid, journal); }

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

/* The whole file anew and in one step, so that a kill at any moment leaves the old one or the new one. */
static bool store(const struct anchors *anchors) {
  struct text text = {NULL, 0, 0};
  int fd = openat(state.folder, NEXT_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  anchor_write(anchors, &text);
  bool written = write_all(fd, text.bytes, text.length) && fsync(fd) == 0;
  text_free(&text);
  written = close(fd) == 0 && written;
  if (!written || renameat(state.folder, NEXT_FILE, state.folder, ANCHOR_FILE) != 0) {
    unlinkat(state.folder, NEXT_FILE, 0);
    return false;
  }
  return true;
}

static bool has_place(uid_t uid) {
  size_t theirs = 0;
  for (size_t i = 0; i < state.kept.count; i++) theirs += state.kept.list[i].uid == uid;
  return state.kept.count < ANCHOR_PLACES && theirs < ANCHOR_PLACES_OF_ONE;
}

enum anchor_verdict anchor_keep(const struct anchor *head) {
  static struct anchors next;
  if (state.damaged) return ANCHOR_DAMAGED;
  next = state.kept;
  struct anchor *kept = find(&next, head->uid, head->journal);
  if (kept == NULL) {
    if (!has_place(head->uid)) return ANCHOR_FULL;
    kept = &next.list[next.count++];
  } else if (kept->seq == head->seq && strcmp(kept->hash, head->hash) == 0) {
    return ANCHOR_KEPT;
  } else if (head->seq <= kept->seq) {
    return ANCHOR_OTHER;
  }
  *kept = *head;
  if (!store(&next)) return ANCHOR_NOT_STORED;
  state.kept = next;
  /* The new name too; without it the older head is found after a power cut, which is as true. */
  fsync(state.folder);
  return ANCHOR_KEPT;
}
