#ifdef __APPLE__

/*
 * macOS's own calls, all of libSystem. Compiled and linked for both architectures wherever the tests run; that they do
 * what is said here can only be seen on a Mac (docs/release-checklist.md).
 */

#include <arpa/inet.h>
#include <errno.h>
#include <libproc.h>
#include <mach-o/dyld.h>
#include <mach/message.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysctl.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "frame.h"
#include "platform.h"

/* Not in the public headers, but exported by libSystem and open source: xnu, bsd/sys/codesign.h and proc_info_private.h. */
int csops(pid_t pid, unsigned int ops, void *address, size_t size);
int csops_audittoken(pid_t pid, unsigned int ops, void *address, size_t size, audit_token_t *token);
enum { CS_OPS_STATUS = 0, CS_OPS_CDHASH = 5, CS_OPS_IDENTITY = 11, CS_OPS_TEAMID = 14 };
enum { PROC_PIDUNIQIDENTIFIERINFO = 17, CDHASH_BYTES = 20 };
#define CS_VALID 0x00000001u

struct unique_identifier {
  uint8_t uuid[16];
  uint64_t unique_id;
  uint64_t parent_unique_id;
  int32_t pidversion;
  int32_t original_parent_pidversion;
  uint64_t reserved[2];
};
_Static_assert(sizeof(struct unique_identifier) == 56, "the kernel copies exactly this many bytes");

/* sys/xattr.h is not among the headers of the cross compiler; these are its declarations. */
ssize_t getxattr(const char *path, const char *name, void *value, size_t size, u_int32_t position, int options);
#define XATTR_NOFOLLOW 0x0001

#define FACT_SIZE 256

static void sysctl_fact(struct text *out, const char *name, const char *variable) {
  char value[FACT_SIZE];
  size_t size = sizeof value - 1;
  if (sysctlbyname(variable, value, &size, NULL, 0) != 0) return;
  value[size] = '\0';
  if (value[0] != '\0') frame_text(out, name, value);
}

void platform_host_facts(struct text *out) {
  struct timeval boot;
  size_t size = sizeof boot;
  sysctl_fact(out, "os", "kern.osproductversion");
  sysctl_fact(out, "build", "kern.osversion");
  sysctl_fact(out, "model", "hw.model");
  sysctl_fact(out, "bootUUID", "kern.bootsessionuuid");
  if (sysctlbyname("kern.boottime", &boot, &size, NULL, 0) != 0 || size != sizeof boot) return;
  frame_time(out, "bootTime", (struct timespec){.tv_sec = boot.tv_sec, .tv_nsec = (long)boot.tv_usec * 1000});
}

bool platform_process(pid_t pid, struct process *process) {
  struct proc_bsdinfo info;
  struct unique_identifier unique;
  uint32_t flags;
  if (proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, (int)sizeof info) != (int)sizeof info) return false;
  *process = (struct process){.pid = pid, .ppid = (pid_t)info.pbi_ppid, .uid = info.pbi_uid, .pidversion = -1};
  process->start.tv_sec = (time_t)info.pbi_start_tvsec;
  process->start.tv_nsec = (long)info.pbi_start_tvusec * 1000;
  snprintf(process->name, sizeof process->name, "%.*s", (int)sizeof info.pbi_name, info.pbi_name);
  if (proc_pidinfo(pid, PROC_PIDUNIQIDENTIFIERINFO, 0, &unique, (int)sizeof unique) == (int)sizeof unique) {
    process->pidversion = unique.pidversion;
  }
  process->has_flags = csops(pid, CS_OPS_STATUS, &flags, sizeof flags) == 0;
  if (process->has_flags) process->flags = flags;
  return true;
}

bool platform_processes(struct process **list, size_t *count) {
  int room = proc_listallpids(NULL, 0);
  *list = NULL;
  *count = 0;
  if (room <= 0) return false;
  room += 64;
  pid_t *pids = must_have((size_t)room * sizeof *pids);
  int got = proc_listallpids(pids, room * (int)sizeof *pids);
  *list = must_have((size_t)room * sizeof **list);
  for (int i = 0; i < got && i < room; i++) {
    if (pids[i] > 0 && platform_process(pids[i], &(*list)[*count])) (*count)++;
  }
  free(pids);
  return *count > 0;
}

bool platform_process_path(pid_t pid, char *path, size_t size) {
  char whole[PROC_PIDPATHINFO_MAXSIZE];
  int length = proc_pidpath(pid, whole, sizeof whole);
  if (length <= 0 || (size_t)length >= size) return false;
  memcpy(path, whole, (size_t)length);
  path[length] = '\0';
  return true;
}

/* KERN_PROCARGS2: argc, the executable's path, padding, then argc strings; what follows (the environment) is not ours to read. */
bool platform_process_args(pid_t pid, struct text *args, bool *cut) {
  int argmax = 0;
  size_t size = sizeof argmax;
  int name[3] = {CTL_KERN, KERN_PROCARGS2, pid};
  int argc;
  text_clear(args);
  *cut = false;
  if (sysctlbyname("kern.argmax", &argmax, &size, NULL, 0) != 0 || argmax <= 0) return false;
  size = (size_t)argmax;
  char *bytes = must_have(size);
  if (sysctl(name, 3, bytes, &size, NULL, 0) != 0 || size <= sizeof argc) {
    free(bytes);
    return false;
  }
  memcpy(&argc, bytes, sizeof argc);
  size_t at = sizeof argc;
  while (at < size && bytes[at] != '\0') at++;
  while (at < size && bytes[at] == '\0') at++;
  for (int i = 0; i < argc && at < size; i++) {
    size_t length = strnlen(bytes + at, size - at);
    if (args->length + length + 1 > MAX_ARGS_BYTES) {
      *cut = true;
      break;
    }
    text_bytes(args, bytes + at, length);
    text_char(args, '\0');
    at += length + 1;
  }
  free(bytes);
  return true;
}

/* The kernel puts eight bytes before the string: a type and a big-endian length. */
static void code_text(pid_t pid, unsigned int ops, char *to, size_t size) {
  char blob[1024];
  memset(blob, 0, sizeof blob);
  to[0] = '\0';
  if (csops(pid, ops, blob, sizeof blob - 1) != 0) return;
  snprintf(to, size, "%s", blob + 8);
}

void platform_process_code(pid_t pid, struct code *code) {
  unsigned char hash[CDHASH_BYTES];
  bool any = false;
  memset(code, 0, sizeof *code);
  if (csops(pid, CS_OPS_CDHASH, hash, sizeof hash) == 0) {
    for (size_t i = 0; i < sizeof hash; i++) {
      snprintf(code->cdhash + i * 2, 3, "%02x", (unsigned)hash[i]);
      if (hash[i] != 0) any = true;
    }
    if (!any) code->cdhash[0] = '\0';
  }
  code_text(pid, CS_OPS_TEAMID, code->team_id, sizeof code->team_id);
  code_text(pid, CS_OPS_IDENTITY, code->signing_id, sizeof code->signing_id);
}

ssize_t platform_attribute(const char *path, const char *name, void *value, size_t size) {
  return getxattr(path, name, value, size, 0, XATTR_NOFOLLOW);
}

bool platform_no_attribute(int error) { return error == ENOATTR || error == ENOTSUP; }

bool platform_peer(int fd, struct peer *peer) {
  socklen_t size = sizeof peer->pid;
  peer->pid = 0;
  if (getpeereid(fd, &peer->uid, &peer->gid) != 0) return false;
  if (getsockopt(fd, SOL_LOCAL, LOCAL_PEERPID, &peer->pid, &size) != 0) peer->pid = 0;
  return true;
}

/* By its audit token: a pid alone may be another process by now. */
enum verdict platform_peer_code(int fd, const struct peer *peer) {
  struct code ours;
  audit_token_t token;
  socklen_t size = sizeof token;
  uint32_t flags = 0;
  char blob[128];
  platform_process_code(getpid(), &ours);
  if (ours.team_id[0] == '\0') return VERDICT_UNKNOWN;
  if (peer->pid <= 0 || getsockopt(fd, SOL_LOCAL, LOCAL_PEERTOKEN, &token, &size) != 0) return VERDICT_NO;
  memset(blob, 0, sizeof blob);
  if (csops_audittoken(peer->pid, CS_OPS_STATUS, &flags, sizeof flags, &token) != 0) return VERDICT_NO;
  if ((flags & CS_VALID) == 0) return VERDICT_NO;
  if (csops_audittoken(peer->pid, CS_OPS_TEAMID, blob, sizeof blob - 1, &token) != 0) return VERDICT_NO;
  return strcmp(blob + 8, ours.team_id) == 0 ? VERDICT_YES : VERDICT_NO;
}

bool platform_console_user(uid_t *uid) {
  struct stat console;
  if (stat("/dev/console", &console) != 0) return false;
  *uid = console.st_uid;
  /* Root owns it while nobody is logged in. */
  return console.st_uid != 0;
}

bool platform_self_path(char *path, size_t size) {
  uint32_t room = (uint32_t)size;
  char found[4096];
  uint32_t found_room = sizeof found;
  if (room == 0 || _NSGetExecutablePath(found, &found_room) != 0) return false;
  char *real = realpath(found, NULL);
  if (real == NULL) return false;
  bool fits = strlen(real) < size;
  if (fits) snprintf(path, size, "%s", real);
  free(real);
  return fits;
}

#endif
