#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guardian.h"
#include "loop.h"
#include "text.h"

enum { LAST_INHERITED_FD = 255 };

static struct child *children = NULL;
static int wake[2] = {-1, -1};

/* Owned by nobody: they only wait to be collected. */
struct stray {
  struct child child;
};

static void on_sigchld(int number) {
  (void)number;
  int before = errno;
  ssize_t ignored = write(wake[1], "", 1);
  (void)ignored;
  errno = before;
}

/* Whether it has ended; it stays a zombie, so its group's number cannot be taken by another. */
static bool has_ended(pid_t pid) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return errno != EINTR;
  return info.si_pid == pid;
}

static struct child *next_ended(void) {
  for (struct child *child = children; child != NULL; child = child->next) {
    if (has_ended(child->pid)) return child;
  }
  return NULL;
}

static void unlink_child(const struct child *child) {
  for (struct child **at = &children; *at != NULL; at = &(*at)->next) {
    if (*at != child) continue;
    *at = child->next;
    return;
  }
}

static void collect(struct child *child) {
  unlink_child(child);
  kill(-child->pid, SIGKILL);
  guardian_forget(child->pid);
  child->status = 0;
  while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR) continue;
  child->pid = 0;
  child->on_end(child->self, child);
}

static void on_wake(void *self, short events) {
  char some[64];
  (void)self;
  (void)events;
  while (read(wake[0], some, sizeof some) > 0) continue;
  guardian_ended();
  /* From the beginning each time: what is called may start and end others. */
  for (struct child *child = next_ended(); child != NULL; child = next_ended()) collect(child);
}

static int open_pipe(int ends[2]) {
  if (pipe(ends) != 0) return errno;
  for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  return 0;
}

static void close_pipe(int ends[2]) {
  for (int i = 0; i < 2; i++) {
    if (ends[i] >= 0) close(ends[i]);
    ends[i] = -1;
  }
}

void children_init(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  if (open_pipe(wake) != 0) _exit(70);
  fcntl(wake[0], F_SETFL, O_NONBLOCK);
  fcntl(wake[1], F_SETFL, O_NONBLOCK);
  action.sa_handler = on_sigchld;
  action.sa_flags = SA_RESTART | SA_NOCLDSTOP;
  sigemptyset(&action.sa_mask);
  sigaction(SIGCHLD, &action, NULL);
  loop_watch(wake[0], 1 /* POLLIN */, on_wake, NULL);
}

static void default_signals(void) {
  sigset_t none;
  signal(SIGPIPE, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  signal(SIGCHLD, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static int become(const struct identity *as) {
  if (as == NULL || (as->uid == geteuid() && geteuid() != 0)) return 0;
  /* Groups first: afterwards we may not. */
  if (setgroups(1, &as->gid) != 0 || setgid(as->gid) != 0 || setuid(as->uid) != 0) return errno;
  return 0;
}

/* Between fork and exec: only what is safe after fork. Tells its errno through `report` if it does not come to exec. */
static void exec_program(const char *const argv[], const struct identity *as, int out, int err, int report) {
  static char *const environment[] = {"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LANG=C", "LC_ALL=C", NULL};
  setsid();
  guardian_keep(getpid());
  default_signals();
  int problem = become(as);
  int nothing = open("/dev/null", O_RDONLY);
  if (problem == 0 && nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
      dup2(err, STDERR_FILENO) >= 0) {
    for (int fd = STDERR_FILENO + 1; fd <= LAST_INHERITED_FD; fd++) {
      if (fd != report) close(fd);
    }
    execve(argv[0], (char *const *)(uintptr_t)argv, environment);
  }
  if (problem == 0) problem = errno;
  while (write(report, &problem, sizeof problem) < 0 && errno == EINTR) continue;
  _exit(127);
}

/* The pipe closes at exec: then nothing came, and the program runs. */
static int read_start_error(int report) {
  int problem = 0;
  ssize_t got;
  do {
    got = read(report, &problem, sizeof problem);
  } while (got < 0 && errno == EINTR);
  return got == (ssize_t)sizeof problem ? problem : 0;
}

static void adopt(struct child *child, pid_t pid, child_fn *on_end, void *self) {
  child->pid = pid;
  child->on_end = on_end;
  child->self = self;
  child->next = children;
  children = child;
}

static pid_t fork_quietly(void) {
  /* A signal that ends us must not run its handler in the child. */
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  pid_t pid = fork();
  if (pid != 0) sigprocmask(SIG_SETMASK, &before, NULL);
  return pid;
}

int child_start(struct child *child, const char *const argv[], const struct identity *as, child_fn *on_end, void *self) {
  int out[2] = {-1, -1};
  int err[2] = {-1, -1};
  int report[2] = {-1, -1};
  *child = (struct child){.out = -1, .err = -1};
  int problem = open_pipe(out);
  if (problem == 0) problem = open_pipe(err);
  if (problem == 0) problem = open_pipe(report);
  pid_t pid = problem == 0 ? fork_quietly() : -1;
  if (pid == 0) exec_program(argv, as, out[1], err[1], report[1]);
  if (pid < 0) {
    if (problem == 0) problem = errno;
    close_pipe(out);
    close_pipe(err);
    close_pipe(report);
    return problem;
  }
  close(out[1]);
  close(err[1]);
  close(report[1]);
  problem = read_start_error(report[0]);
  close(report[0]);
  guardian_keep(pid);
  if (problem != 0) {
    close(out[0]);
    close(err[0]);
    guardian_forget(pid);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
    return problem;
  }
  fcntl(out[0], F_SETFL, O_NONBLOCK);
  fcntl(err[0], F_SETFL, O_NONBLOCK);
  child->out = out[0];
  child->err = err[0];
  adopt(child, pid, on_end, self);
  return 0;
}

int child_fork(struct child *child, void (*run)(int in, int out), int *to, child_fn *on_end, void *self) {
  int in[2] = {-1, -1};
  int out[2] = {-1, -1};
  *child = (struct child){.out = -1, .err = -1};
  int problem = open_pipe(in);
  if (problem == 0) problem = open_pipe(out);
  pid_t pid = problem == 0 ? fork_quietly() : -1;
  if (pid == 0) {
    setsid();
    guardian_keep(getpid());
    default_signals();
    for (int fd = 0; fd <= LAST_INHERITED_FD; fd++) {
      if (fd != in[0] && fd != out[1]) close(fd);
    }
    run(in[0], out[1]);
    _exit(0);
  }
  if (pid < 0) {
    if (problem == 0) problem = errno;
    close_pipe(in);
    close_pipe(out);
    return problem;
  }
  close(in[0]);
  close(out[1]);
  guardian_keep(pid);
  fcntl(out[0], F_SETFL, O_NONBLOCK);
  fcntl(in[1], F_SETFL, O_NONBLOCK);
  child->out = out[0];
  *to = in[1];
  adopt(child, pid, on_end, self);
  return 0;
}

void child_kill(struct child *child) {
  if (child->pid <= 0) return;
  kill(-child->pid, SIGKILL);
  /* In case it has not come to its own session yet. */
  kill(child->pid, SIGKILL);
}

static void free_stray(void *self, struct child *child) {
  (void)child;
  free(self);
}

void child_abandon(struct child *child) {
  if (child->out >= 0) close(child->out);
  if (child->err >= 0) close(child->err);
  if (child->pid > 0) {
    struct stray *stray = must_have(sizeof *stray);
    child_kill(child);
    unlink_child(child);
    adopt(&stray->child, child->pid, free_stray, stray);
  }
  *child = (struct child){.out = -1, .err = -1};
}
