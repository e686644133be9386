#ifndef SEALBAR_PLATFORM_H
#define SEALBAR_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "text.h"

/*
 * What differs between macOS and the systems that the helper is tested on. Nothing here decides anything, and what a
 * system does not tell is left empty.
 */

/* Whether we may do what only root may. */
bool platform_is_privileged(void);
/* Who must own what we trust. */
uid_t platform_owner(void);

/* Everything the hello says about the machine, as keys of an object that has begun with "arch". */
void platform_host_facts(struct text *out);

/* One process, as far as it costs next to nothing to ask. */
struct process {
  pid_t pid;
  pid_t ppid;
  uid_t uid;
  /* -1 where there is none. */
  int64_t pidversion;
  struct timespec start;
  /* Of its code signature. */
  bool has_flags;
  uint32_t flags;
  char name[40];
};

/* All processes that can be seen, in any order. The caller frees. Returns false when nothing can be seen. */
bool platform_processes(struct process **list, size_t *count);
/* False when it is gone or not to be seen. */
bool platform_process(pid_t pid, struct process *process);
bool platform_process_path(pid_t pid, char *path, size_t size);

enum { MAX_ARGS_BYTES = 256 * 1024 };
/* Its arguments, each ended by a NUL; `*cut` when there was more. False when they cannot be had. */
bool platform_process_args(pid_t pid, struct text *args, bool *cut);

struct code {
  /* Lower-case hex; empty when there is none. */
  char cdhash[41];
  char team_id[80];
  char signing_id[512];
};
void platform_process_code(pid_t pid, struct code *code);

/* Length of the attribute's value, cut to `size`; -1 and errno. Does not follow a symbolic link. */
ssize_t platform_attribute(const char *path, const char *name, void *value, size_t size);
/* Whether that errno says that there is no such attribute. */
bool platform_no_attribute(int error);

struct peer {
  uid_t uid;
  gid_t gid;
  pid_t pid;
};
/* Who is at the other end of a Unix socket. */
bool platform_peer(int fd, struct peer *peer);
enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_UNKNOWN };
/* Whether the peer's code is signed by the team that signed us; unknown where we are not signed by a team ourselves. */
enum verdict platform_peer_code(int fd, const struct peer *peer);
/* Who sits in front of the machine. */
bool platform_console_user(uid_t *uid);
/* May ask a directory service and so may take its time: never from the loop. */
bool platform_is_admin(uid_t uid);

/* The file that this program runs from. */
bool platform_self_path(char *path, size_t size);

#endif
