#ifndef __APPLE__

/* Where the helper is tested. What is proved here is everything but macOS's own calls. */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "platform.h"
#include "program.h"

/* A foreign version number would look like one of macOS. */
void platform_host_facts(struct text *out) { (void)out; }

static bool read_small(pid_t pid, const char *name, char *bytes, size_t size, size_t *length) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  *length = 0;
  for (;;) {
    ssize_t got = read(fd, bytes + *length, size - *length);
    if (got <= 0) break;
    *length += (size_t)got;
  }
  close(fd);
  return true;
}

bool platform_process(pid_t pid, struct process *process) {
  char stat_text[1024];
  char path[32];
  size_t length;
  struct stat owner;
  if (!read_small(pid, "stat", stat_text, sizeof stat_text - 1, &length)) return false;
  stat_text[length] = '\0';
  char *open = strchr(stat_text, '(');
  char *shut = strrchr(stat_text, ')');
  int ppid = 0;
  unsigned long long start = 0;
  char state = 0;
  if (open == NULL || shut == NULL) return false;
  if (sscanf(shut + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &state, &ppid, &start) != 3) {
    return false;
  }
  if (state == 'Z' || state == 'X') return false;
  snprintf(path, sizeof path, "/proc/%d", (int)pid);
  if (stat(path, &owner) != 0) return false;
  *process = (struct process){.pid = pid, .ppid = ppid, .uid = owner.st_uid, .pidversion = -1};
  long ticks = sysconf(_SC_CLK_TCK);
  process->start.tv_sec = (time_t)(start / (unsigned long long)ticks);
  process->start.tv_nsec = (long)(start % (unsigned long long)ticks) * (1000000000L / ticks);
  *shut = '\0';
  snprintf(process->name, sizeof process->name, "%.39s", open + 1);
  return true;
}

bool platform_processes(struct process **list, size_t *count) {
  DIR *folder = opendir("/proc");
  size_t room = 0;
  *list = NULL;
  *count = 0;
  if (folder == NULL) return false;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    if (*count == room) {
      room = room == 0 ? 256 : room * 2;
      struct process *larger = realloc(*list, room * sizeof **list);
      if (larger == NULL) break;
      *list = larger;
    }
    if (platform_process((pid_t)atoi(entry->d_name), &(*list)[*count])) (*count)++;
  }
  closedir(folder);
  return *count > 0;
}

bool platform_process_path(pid_t pid, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/%d/exe", (int)pid);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return false;
  path[length] = '\0';
  return true;
}

bool platform_process_args(pid_t pid, struct text *args, bool *cut) {
  size_t length = 0;
  text_clear(args);
  text_reserve(args, MAX_ARGS_BYTES + 1);
  if (!read_small(pid, "cmdline", args->bytes, MAX_ARGS_BYTES + 1, &length)) return false;
  *cut = length > MAX_ARGS_BYTES;
  args->length = *cut ? MAX_ARGS_BYTES : length;
  return true;
}

void platform_process_code(pid_t pid, struct code *code) {
  (void)pid;
  memset(code, 0, sizeof *code);
}

ssize_t platform_attribute(const char *path, const char *name, void *value, size_t size) {
  char linux_name[128];
  snprintf(linux_name, sizeof linux_name, "user.%s", name);
  return lgetxattr(path, linux_name, value, size);
}

bool platform_no_attribute(int error) { return error == ENODATA || error == ENOTSUP; }

bool platform_peer(int fd, struct peer *peer) {
  struct ucred who;
  socklen_t size = sizeof who;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return false;
  *peer = (struct peer){who.uid, who.gid, who.pid};
  return true;
}

enum verdict platform_peer_code(int fd, const struct peer *peer) {
  (void)fd;
  (void)peer;
#ifdef SEALBAR_TEST_BUILD
  if (access(AT("/peer-is-foreign"), F_OK) == 0) return VERDICT_NO;
#endif
  return VERDICT_UNKNOWN;
}

bool platform_console_user(uid_t *uid) {
#ifdef SEALBAR_TEST_BUILD
  unsigned number;
  FILE *file = fopen(AT("/console-uid"), "re");
  if (file == NULL) return false;
  int fields = fscanf(file, "%u", &number);
  fclose(file);
  *uid = (uid_t)number;
  return fields == 1;
#else
  (void)uid;
  return false;
#endif
}

bool platform_self_path(char *path, size_t size) { return platform_process_path(getpid(), path, size); }

#endif
