#include "feed.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "hub.h"
#include "program.h"

enum {
  FIRST_PAUSE_MS = MS(1000),
  LONGEST_PAUSE_MS = MS(60000),
  /* Having run for so long, the next end is a new trouble. */
  STEADY_MS = MS(60000),
  SETTLED_MS = MS(2000),
  MANY_FAILURES = 5,
  CHUNK = 64 * 1024,
  /* In one turn, so that a flood does not keep the others waiting. */
  TURN = 4 * CHUNK,
};

static void begin(struct feed *feed) {
  feed->said_length = 0;
  feed->said[0] = '\0';
  if (!feed->in_trouble) hub_status(feed->source, "starting", NULL, NULL);
  feed->begin(feed);
}

static void on_restart(void *self) { begin(self); }

static void wait_for(struct feed *feed, int64_t ms) {
  if (feed->wanted) timer_in(&feed->restart, ms, on_restart, feed);
}

void feed_deny(struct feed *feed, const char *reason, const char *detail) {
  feed->in_trouble = true;
  hub_status(feed->source, "denied", reason, detail);
  wait_for(feed, LONGEST_PAUSE_MS);
}

static void fail(struct feed *feed, const char *reason, bool for_good, const char *detail) {
  feed->failures++;
  feed->pause = feed->failures == 1 ? FIRST_PAUSE_MS : feed->pause * 2;
  bool failed = for_good || feed->failures >= MANY_FAILURES;
  if (failed || feed->pause > LONGEST_PAUSE_MS) feed->pause = LONGEST_PAUSE_MS;
  if (failed) feed->in_trouble = true;
  hub_status(feed->source, feed->in_trouble ? "failed" : "restarting", reason, detail);
  wait_for(feed, feed->pause);
}

static void prove(struct feed *feed) {
  if (feed->proved) return;
  feed->proved = true;
  feed->in_trouble = false;
  timer_stop(&feed->settle);
  hub_status(feed->source, "running", NULL, NULL);
}

static void on_settled(void *self) { prove(self); }

/* Keeps the last of it. */
static void remember(struct feed *feed, const char *bytes, size_t length) {
  const size_t room = sizeof feed->said - 1;
  if (length > room) {
    bytes += length - room;
    length = room;
  }
  if (feed->said_length + length > room) {
    size_t gone = feed->said_length + length - room;
    memmove(feed->said, feed->said + gone, feed->said_length - gone);
    feed->said_length -= gone;
  }
  memcpy(feed->said + feed->said_length, bytes, length);
  feed->said_length += length;
  feed->said[feed->said_length] = '\0';
}

static void check_denial(struct feed *feed) {
  /* Some refusals are said by a program that then stays: it is ended, and what it said is looked at once more then. */
  if (feed->denial(feed->said) != NULL) child_kill(&feed->child);
}

static void on_line(void *self, const struct line *line) {
  struct feed *feed = self;
  hub_line(feed->source, line, false);
  if (line->too_long == 0 && line->length < 512 && line->length > 0 && line->bytes[0] != '{') {
    char text[512];
    memcpy(text, line->bytes, line->length);
    text[line->length] = '\0';
    if (feed->denial(text) != NULL) {
      remember(feed, line->bytes, line->length);
      check_denial(feed);
      return;
    }
  }
  prove(feed);
  if (feed->saw_line != NULL) feed->saw_line(feed, line);
}

static void close_stream(int *fd) {
  if (*fd < 0) return;
  loop_forget(*fd);
  close(*fd);
  *fd = -1;
}

static size_t drain(struct feed *feed, int *fd) {
  static char chunk[CHUNK];
  if (*fd < 0) return 0;
  ssize_t got = read(*fd, chunk, sizeof chunk);
  if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
  if (got <= 0) {
    close_stream(fd);
    return 0;
  }
  if (fd == &feed->child.out) {
    framer_push(&feed->lines, chunk, (size_t)got);
  } else {
    remember(feed, chunk, (size_t)got);
    check_denial(feed);
  }
  return (size_t)got;
}

static void drain_turn(struct feed *feed, int *fd, size_t most) {
  for (size_t read = 0, got = 1; read < most && got > 0; read += got) got = drain(feed, fd);
}

static void on_out(void *self, short events) {
  (void)events;
  struct feed *feed = self;
  drain_turn(feed, &feed->child.out, TURN);
  /* It closed its output but goes on: nothing will ever come from it. */
  if (feed->child.out < 0) child_kill(&feed->child);
}

static void on_err(void *self, short events) {
  (void)events;
  struct feed *feed = self;
  drain_turn(feed, &feed->child.err, CHUNK);
}

static void on_end(void *self, struct child *child) {
  struct feed *feed = self;
  char detail[1200];
  timer_stop(&feed->settle);
  drain_turn(feed, &child->out, 1024 * 1024);
  drain_turn(feed, &child->err, 1024 * 1024);
  close_stream(&child->out);
  close_stream(&child->err);
  framer_end(&feed->lines);
  if (feed->proved) {
    struct gap gap = {feed->source, 0, 0, -1, "source-dropped"};
    hub_gap(&gap);
  }
  if (awake_ms() - feed->started >= STEADY_MS) feed->failures = 0;
  const char *denial = feed->denial(feed->said);
  if (denial != NULL) {
    feed_deny(feed, denial, feed->said);
    return;
  }
  bool by_itself = WIFEXITED(child->status);
  snprintf(detail, sizeof detail, "%s %d%s%s", by_itself ? "exit" : "signal",
           by_itself ? WEXITSTATUS(child->status) : WTERMSIG(child->status), feed->said_length > 0 ? ": " : "", feed->said);
  fail(feed, by_itself ? "exit" : "signal", false, detail);
}

void feed_run(struct feed *feed, const char *const argv[]) {
  feed->proved = false;
  feed->started = awake_ms();
  int problem = child_start(&feed->child, argv, NULL, on_end, feed);
  if (problem != 0) {
    fail(feed, problem == ENOENT ? "missing" : "cannot-start", problem == ENOENT, strerror(problem));
    return;
  }
  loop_watch(feed->child.out, POLLIN, on_out, feed);
  loop_watch(feed->child.err, POLLIN, on_err, feed);
  timer_in(&feed->settle, SETTLED_MS, on_settled, feed);
}

void feed_init(struct feed *feed) {
  feed->child.out = feed->child.err = -1;
  framer_init(&feed->lines, MAX_LINE_BYTES, on_line, feed);
}

void feed_start(struct feed *feed) {
  if (feed->wanted) return;
  feed->wanted = true;
  feed->in_trouble = false;
  feed->failures = 0;
  begin(feed);
}

void feed_stop(struct feed *feed, const char *reason) {
  if (feed->wanted) {
    feed->wanted = false;
    timer_stop(&feed->restart);
    timer_stop(&feed->settle);
    feed->cancel(feed);
    if (feed->child.out >= 0) loop_forget(feed->child.out);
    if (feed->child.err >= 0) loop_forget(feed->child.err);
    child_abandon(&feed->child);
    framer_end(&feed->lines);
  }
  hub_status(feed->source, "stopped", reason, NULL);
}

void feed_retry(struct feed *feed) {
  if (!feed->restart.set) return;
  timer_stop(&feed->restart);
  feed->in_trouble = false;
  feed->failures = 0;
  begin(feed);
}
