#include "job.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

enum { CHUNK = 64 * 1024 };
/* Read at most after the end: what a pipe can hold. A stray child that goes on writing is not the program's answer. */
enum { LAST_WORDS = 1024 * 1024 };

static void keep(struct kept *kept, size_t limit, const char *bytes, size_t count) {
  size_t room = limit - kept->text.length;
  size_t taken = count < room ? count : room;
  text_bytes(&kept->text, bytes, taken);
  kept->dropped += count - taken;
}

static void take_out(struct job *job, const char *bytes, size_t count) {
  if (job->lines == NULL) {
    keep(&job->out, job->limit, bytes, count);
    return;
  }
  uint64_t left = job->lines_limit - job->lines_read;
  size_t taken = count < left ? count : (size_t)left;
  job->lines_read += taken;
  framer_push(job->lines, bytes, taken);
  if (taken == count || job->cut) return;
  job->cut = true;
  child_kill(&job->child);
}

static void close_stream(int *fd) {
  if (*fd < 0) return;
  loop_forget(*fd);
  close(*fd);
  *fd = -1;
}

/* Takes what is there now, once. Returns how much. */
static size_t drain(struct job *job, int *fd) {
  static char chunk[CHUNK];
  if (*fd < 0) return 0;
  ssize_t got = read(*fd, chunk, sizeof chunk);
  if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
  if (got <= 0) {
    close_stream(fd);
    return 0;
  }
  if (fd == &job->child.out) {
    take_out(job, chunk, (size_t)got);
  } else {
    keep(&job->err, job->limit, chunk, (size_t)got);
  }
  return (size_t)got;
}

static void on_out(void *self, short events) {
  (void)events;
  struct job *job = self;
  drain(job, &job->child.out);
}

static void on_err(void *self, short events) {
  (void)events;
  struct job *job = self;
  drain(job, &job->child.err);
}

static void finish(struct job *job) {
  timer_stop(&job->deadline);
  close_stream(&job->child.out);
  close_stream(&job->child.err);
  if (job->lines != NULL) framer_end(job->lines);
  job->ms = awake_ms() - job->started;
  job->running = false;
  job->on_done(job->self, job);
}

static void on_end(void *self, struct child *child) {
  struct job *job = self;
  for (size_t read = 0, got = 1; read < LAST_WORDS && got > 0; read += got) got = drain(job, &child->out);
  for (size_t read = 0, got = 1; read < LAST_WORDS && got > 0; read += got) got = drain(job, &child->err);
  if (!job->timed_out && !job->cut && WIFEXITED(child->status)) job->exit_code = WEXITSTATUS(child->status);
  finish(job);
}

static void on_deadline(void *self) {
  struct job *job = self;
  job->timed_out = true;
  child_kill(&job->child);
}

void job_start(struct job *job, const char *const argv[], const struct identity *as, struct job_limits limits, job_fn *on_done, void *self) {
  job_clear(job);
  job->limit = limits.kept;
  job->on_done = on_done;
  job->self = self;
  job->exit_code = -1;
  job->timed_out = false;
  job->cut = false;
  job->lines_read = 0;
  job->running = true;
  job->started = awake_ms();
  job->start_error = child_start(&job->child, argv, as, on_end, job);
  if (job->start_error != 0) {
    finish(job);
    return;
  }
  loop_watch(job->child.out, POLLIN, on_out, job);
  loop_watch(job->child.err, POLLIN, on_err, job);
  timer_in(&job->deadline, limits.ms, on_deadline, job);
}

void job_stop(struct job *job) {
  if (!job->running) return;
  job->running = false;
  timer_stop(&job->deadline);
  if (job->child.out >= 0) loop_forget(job->child.out);
  if (job->child.err >= 0) loop_forget(job->child.err);
  child_abandon(&job->child);
}

void job_clear(struct job *job) {
  text_free(&job->out.text);
  text_free(&job->err.text);
  job->out.dropped = job->err.dropped = 0;
}
