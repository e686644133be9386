#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

enum { POLL_MS = 20, REAP_MS = 2000, LAST_INHERITED_FD = 255 };

static volatile sig_atomic_t running_group = 0;

static void on_signal(int number) {
  if (running_group > 0) kill(-(pid_t)running_group, SIGKILL);
  _exit(128 + number);
}

static void ending_signals(sigset_t *set) {
  sigemptyset(set);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGINT);
  sigaddset(set, SIGHUP);
}

void install_signal_handlers(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  ending_signals(&action.sa_mask);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  /* A reader that went away shows as a failed write. */
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, NULL);
}

static int open_pipe(int ends[2]) {
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  return 0;
}

static void close_pipe(int ends[2]) {
  for (int i = 0; i < 2; i++) {
    if (ends[i] >= 0) close(ends[i]);
    ends[i] = -1;
  }
}

/* Between fork and exec: only what is safe after fork. Tells its errno through `status` if the exec fails. */
static void become(const char *const argv[], int out, int err, int status) {
  static char *const environment[] = {"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LANG=C", "LC_ALL=C", NULL};
  sigset_t none;
  int problem;
  setpgid(0, 0);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int nothing = open("/dev/null", O_RDONLY);
  if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0) {
    for (int fd = STDERR_FILENO + 1; fd <= LAST_INHERITED_FD; fd++) {
      if (fd != status) close(fd);
    }
    execve(argv[0], (char *const *)(uintptr_t)argv, environment);
  }
  problem = errno;
  while (write(status, &problem, sizeof problem) < 0 && errno == EINTR) continue;
  _exit(127);
}

static void keep(struct stream *stream, const unsigned char *bytes, size_t count) {
  size_t room = STREAM_LIMIT - stream->length;
  size_t kept = count < room ? count : room;
  memcpy(stream->bytes + stream->length, bytes, kept);
  stream->length += kept;
  stream->dropped += count - kept;
}

/* Takes what is there now. Returns 0 once the other side is closed. */
static int drain(int fd, struct stream *stream) {
  unsigned char chunk[16384];
  ssize_t got = read(fd, chunk, sizeof chunk);
  if (got > 0) {
    keep(stream, chunk, (size_t)got);
    return 1;
  }
  return got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK);
}

/* Whether the child has ended; it stays a zombie, so its group's number cannot be taken by another. */
static int has_ended(pid_t child) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return errno != EINTR;
  return info.si_pid == child;
}

/* Reads both streams until the program has ended and nothing more is there, or until the deadline. Returns 1 if it ended. */
static int follow(pid_t child, int out, int err, int64_t deadline, struct run_result *result) {
  struct pollfd watched[2] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
  struct stream *streams[2] = {&result->out, &result->err};
  for (;;) {
    int64_t left = deadline - monotonic_ms();
    int ended = has_ended(child);
    if (!ended && left <= 0) return 0;
    int wait_ms = ended ? 0 : (left < POLL_MS ? (int)left : POLL_MS);
    int ready = poll(watched, 2, wait_ms);
    int progress = 0;
    for (int i = 0; ready > 0 && i < 2; i++) {
      if (watched[i].fd < 0 || watched[i].revents == 0) continue;
      progress = 1;
      if (!drain(watched[i].fd, streams[i])) watched[i].fd = -1;
    }
    /* A stray child may go on writing: what it says after the deadline is not the program's answer. */
    if (ended && (!progress || left <= 0)) return 1;
  }
}

static void reap(pid_t child, int ended, struct run_result *result) {
  int status = 0;
  kill(-child, SIGKILL);
  int64_t give_up = monotonic_ms() + REAP_MS;
  while (!has_ended(child)) {
    if (monotonic_ms() > give_up) return;
    poll(NULL, 0, POLL_MS);
  }
  running_group = 0;
  if (waitpid(child, &status, 0) == child && ended && WIFEXITED(status)) result->exit_code = WEXITSTATUS(status);
}

static int read_start_error(int status) {
  int problem = 0;
  ssize_t got;
  do {
    got = read(status, &problem, sizeof problem);
  } while (got < 0 && errno == EINTR);
  return got == (ssize_t)sizeof problem ? problem : 0;
}

void run_program(const char *const argv[], int64_t limit_ms, struct run_result *result) {
  int out[2] = {-1, -1};
  int err[2] = {-1, -1};
  int status[2] = {-1, -1};
  int64_t started = monotonic_ms();
  result->out.length = result->err.length = 0;
  result->out.dropped = result->err.dropped = 0;
  result->exit_code = -1;
  result->timed_out = 0;
  result->start_error = 0;
  result->ms = 0;

  if (open_pipe(out) != 0 || open_pipe(err) != 0 || open_pipe(status) != 0) {
    result->start_error = errno;
    goto done;
  }

  sigset_t ending;
  sigset_t before;
  ending_signals(&ending);
  sigprocmask(SIG_BLOCK, &ending, &before);
  pid_t child = fork();
  if (child == 0) become(argv, out[1], err[1], status[1]);
  if (child < 0) {
    result->start_error = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    goto done;
  }
  setpgid(child, child);
  running_group = child;
  sigprocmask(SIG_SETMASK, &before, NULL);

  close(out[1]);
  close(err[1]);
  close(status[1]);
  out[1] = err[1] = status[1] = -1;
  fcntl(out[0], F_SETFL, O_NONBLOCK);
  fcntl(err[0], F_SETFL, O_NONBLOCK);

  result->start_error = read_start_error(status[0]);
  int ended = follow(child, out[0], err[0], started + limit_ms, result);
  reap(child, ended, result);
  if (result->start_error != 0) result->exit_code = -1;
  result->timed_out = !ended;

done:
  close_pipe(out);
  close_pipe(err);
  close_pipe(status);
  running_group = 0;
  result->ms = monotonic_ms() - started;
}
