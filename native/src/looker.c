#include "looker.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame.h"
#include "json.h"
#include "platform.h"
#include "request.h"

enum { QUARANTINE_BYTES = 1024 };

const char *errno_name(int error) {
  switch (error) {
    case ENOENT:
      return "ENOENT";
    case EACCES:
      return "EACCES";
    case EPERM:
      return "EPERM";
    case ENOTDIR:
      return "ENOTDIR";
    case ELOOP:
      return "ELOOP";
    case ENAMETOOLONG:
      return "ENAMETOOLONG";
    case ETIMEDOUT:
      return "ETIMEDOUT";
    case ERANGE:
      return "ERANGE";
    default:
      return "EIO";
  }
}

static void quarantine_json(struct text *out, const char *path) {
  char value[QUARANTINE_BYTES];
  ssize_t length = platform_attribute(path, "com.apple.quarantine", value, sizeof value);
  frame_key(out, "quarantine");
  if (length >= 0) {
    json_string(out, value, (size_t)length);
    return;
  }
  int problem = errno;
  text_add(out, "null");
  if (!platform_no_attribute(problem)) frame_text(out, "quarantineError", errno_name(problem));
}

static void provenance_json(struct text *out, const char *path) {
  char value[64];
  frame_key(out, "provenance");
  if (platform_attribute(path, "com.apple.provenance", value, sizeof value) >= 0 || errno == ERANGE) {
    text_add(out, "true");
  } else {
    text_add(out, platform_no_attribute(errno) ? "false" : "null");
  }
}

static void look_at(struct text *out, const char *path) {
  struct stat info;
  if (lstat(path, &info) != 0) {
    frame_text(out, "error", errno_name(errno));
    text_add(out, ",\"quarantine\":null,\"provenance\":null,\"mode\":null,\"size\":null,\"mtime\":null");
    return;
  }
  quarantine_json(out, path);
  provenance_json(out, path);
  frame_number(out, "mode", (int64_t)info.st_mode);
  frame_number(out, "size", (int64_t)info.st_size);
#ifdef __APPLE__
  frame_time(out, "mtime", info.st_mtimespec);
#else
  frame_time(out, "mtime", info.st_mtim);
#endif
}

static bool read_all(int fd, void *bytes, size_t length) {
  char *to = bytes;
  while (length > 0) {
    ssize_t got = read(fd, to, length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    length -= (size_t)got;
  }
  return true;
}

static bool write_all(int fd, const void *bytes, size_t length) {
  const char *from = bytes;
  while (length > 0) {
    ssize_t put = write(fd, from, length);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    from += put;
    length -= (size_t)put;
  }
  return true;
}

/* Puts on the user's rights for this one look. Root only. */
static bool put_on(const struct look *look) {
  if (look->own_rights || geteuid() != 0) return true;
  return setgroups(1, &look->gid) == 0 && setegid(look->gid) == 0 && seteuid(look->uid) == 0;
}

static bool take_off(const struct look *look) {
  if (look->own_rights || getuid() != 0) return true;
  gid_t none = 0;
  return seteuid(0) == 0 && setegid(0) == 0 && setgroups(1, &none) == 0;
}

static void answer(const struct look *look, const char *path, struct text *out) {
  if (look->what == LOOK_ADMIN) {
    text_char(out, platform_is_admin(look->uid) ? 'y' : 'n');
    return;
  }
  if (!put_on(look)) _exit(1);
  look_at(out, path);
  if (!take_off(look)) _exit(1);
}

void looker_run(int in, int out) {
  struct look look;
  struct text text = {NULL, 0, 0};
  static char path[REQUEST_TEXT + 1];
  while (read_all(in, &look, sizeof look) && look.path_length <= REQUEST_TEXT && read_all(in, path, look.path_length)) {
    path[look.path_length] = '\0';
    text_clear(&text);
    answer(&look, path, &text);
    struct looked looked = {(uint32_t)text.length};
    if (!write_all(out, &looked, sizeof looked) || !write_all(out, text.bytes, text.length)) break;
  }
  _exit(0);
}
