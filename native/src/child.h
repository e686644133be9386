#ifndef SEALBAR_CHILD_H
#define SEALBAR_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Whom a program runs as, when we are root and it must not. */
struct identity {
  uid_t uid;
  gid_t gid;
};

struct child;
typedef void child_fn(void *self, struct child *child);

/* A program of ours that runs in a session of its own. */
struct child {
  pid_t pid;
  /* Our ends of its output, not blocking; -1 once closed. */
  int out;
  int err;
  /* After its end: the wait status. */
  int status;
  child_fn *on_end;
  void *self;
  struct child *next;
};

/* Ends of children come through a pipe that the loop watches; call once. */
void children_init(void);

/*
 * Starts a program by its absolute path, without a shell, with no input and a fixed small environment. `as` may be NULL.
 * Returns 0, or the errno of the start. `on_end` is called once it has ended and everything else in its group was killed;
 * its output may still hold what it wrote last.
 */
int child_start(struct child *child, const char *const argv[], const struct identity *as, child_fn *on_end, void *self);

/* Kills its whole group; `on_end` follows. */
void child_kill(struct child *child);

/* As `child_kill`, but it is nobody's any more: `on_end` is not called, and its pipes are closed. */
void child_abandon(struct child *child);

/* A process of our own code instead of a program; `run` must not return. Same rules; it has a pipe in each direction. */
int child_fork(struct child *child, void (*run)(int in, int out), int *to, child_fn *on_end, void *self);

#endif
