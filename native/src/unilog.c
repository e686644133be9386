#include "unilog.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "hub.h"
#include "program.h"

#define LOG AT("/usr/bin/log")

/* Kept tight on purpose: a loose predicate costs a whole core. */
static const char PREDICATE[] =
    "subsystem == \"com.apple.syspolicy.exec\""
    " OR (subsystem == \"com.apple.securityd\" AND category == \"gk\")"
    " OR (process == \"amfid\" AND eventMessage CONTAINS \"not valid\")"
    " OR (process == \"kernel\" AND (sender == \"AppleMobileFileIntegrity\" OR sender == \"AppleSystemPolicy\""
    " OR eventMessage BEGINSWITH \"CODE SIGNING:\" OR eventMessage CONTAINS \"load code signature error\""
    " OR eventMessage CONTAINS \"code signature validation failed\" OR eventMessage BEGINSWITH \"=== system boot\""
    " OR (sender == \"Sandbox\" AND eventMessage CONTAINS \"System Policy\")))"
    " OR subsystem BEGINSWITH \"com.apple.XProtectFramework\""
    " OR process == \"XprotectService\""
    " OR (process == \"sudo\" AND eventMessage CONTAINS \"TTY=\")"
    " OR eventMessage CONTAINS \"com.apple.security.assessment\"";

static const char DROP_MARKER[] = "=== Messages dropped during live streaming";

enum {
  CALM_MS = MS(10000),
  REREAD_EVERY_MS = MS(30000),
  REREAD_LIMIT_MS = MS(60000),
  SINCE_LIMIT_MS = MS(120000),
  LONGEST_WINDOW_S = 600,
  LONGEST_SINCE_S = 24 * 3600,
  ERR_BYTES = 4096,
};
#define SHOW_BYTES (UINT64_C(64) * 1024 * 1024)

/* A `log show` and its lines. */
struct show {
  struct job job;
  struct framer lines;
  uint64_t count;
  char start[32];
  char end[32];
};

static struct {
  /* Where the dropped ones may begin: the last line that came before the marker. 0: nothing was dropped. */
  int64_t dropped_from;
  int64_t dropped_to;
  int64_t last_line;
  struct timer reread_at;
  int64_t reread_ended;
  struct show reread;
  struct show since;
  job_fn *on_done;
  void *asker;
} unilog;

static const char *denial(const char *text) {
  return strstr(text, "Must be admin") != NULL ? "not-admin" : NULL;
}

static void begin(struct feed *feed) {
  feed_run(feed, COMMAND(LOG, "stream", "--style", "ndjson", "--predicate", PREDICATE));
}

static void cancel(struct feed *feed) { (void)feed; }

static void on_show_line(void *self, const struct line *line) {
  struct show *show = self;
  show->count++;
  hub_line(SOURCE_LOG, line, true);
}

static void show_run(struct show *show, int64_t from, int64_t to, int64_t limit_ms, job_fn *on_done, void *self) {
  struct job_limits limits = {limit_ms, ERR_BYTES};
  framer_init(&show->lines, MAX_LINE_BYTES, on_show_line, show);
  show->count = 0;
  snprintf(show->start, sizeof show->start, "@%lld", (long long)from);
  snprintf(show->end, sizeof show->end, "@%lld", (long long)to);
  show->job.lines = &show->lines;
  show->job.lines_limit = SHOW_BYTES;
  job_start(&show->job,
            COMMAND(LOG, "show", "--style", "ndjson", "--start", show->start, "--end", show->end, "--predicate", PREDICATE),
            NULL, limits, on_done, self);
}

/* Anything but a whole answer leaves something unseen. */
static void tell_if_cut(const struct job *job) {
  if (job->exit_code == 0 && !job->cut) return;
  struct gap gap = {SOURCE_LOG, 0, 0, -1, "source-dropped"};
  hub_gap(&gap);
}

static void on_calm(void *self);

static void on_reread(void *self, struct job *job) {
  (void)self;
  tell_if_cut(job);
  framer_free(&unilog.reread.lines);
  job_clear(job);
  unilog.reread_ended = awake_ms();
  if (unilog.dropped_from > 0) timer_in(&unilog.reread_at, REREAD_EVERY_MS, on_calm, NULL);
}

static void on_calm(void *self) {
  (void)self;
  if (unilog.reread.job.running || unilog.dropped_from == 0) return;
  int64_t to = unilog.dropped_to + 1;
  int64_t from = unilog.dropped_from;
  unilog.dropped_from = 0;
  if (from > to) from = to - 1;
  if (to - from > LONGEST_WINDOW_S) from = to - LONGEST_WINDOW_S;
  show_run(&unilog.reread, from, to, REREAD_LIMIT_MS, on_reread, NULL);
}

/* Waits for calm: in the middle of a flood another reader of the log only makes it worse. */
static void note_drop(int64_t now) {
  struct gap gap = {SOURCE_LOG, 0, 0, -1, "source-dropped"};
  hub_gap(&gap);
  if (unilog.dropped_from == 0) unilog.dropped_from = unilog.last_line > 0 ? unilog.last_line : now - 1;
  unilog.dropped_to = now;
  if (unilog.reread.job.running) return;
  int64_t wait = CALM_MS;
  if (unilog.reread_ended > 0) {
    int64_t left = unilog.reread_ended + REREAD_EVERY_MS - awake_ms();
    if (left > wait) wait = left;
  }
  timer_in(&unilog.reread_at, wait, on_calm, NULL);
}

static void saw_line(struct feed *feed, const struct line *line) {
  (void)feed;
  int64_t now = (int64_t)wall_now().tv_sec;
  if (line->length >= sizeof DROP_MARKER - 1 && memcmp(line->bytes, DROP_MARKER, sizeof DROP_MARKER - 1) == 0) {
    note_drop(now);
  } else {
    unilog.last_line = now;
  }
}

static void on_since(void *self, struct job *job) {
  (void)self;
  tell_if_cut(job);
  framer_free(&unilog.since.lines);
  if (unilog.asker != NULL) unilog.on_done(unilog.asker, job);
  unilog.asker = NULL;
  job_clear(job);
}

bool unilog_since(int64_t second, job_fn *on_done, void *self) {
  if (unilog.since.job.running) return false;
  int64_t now = (int64_t)wall_now().tv_sec;
  if (second > now) second = now;
  if (now - second > LONGEST_SINCE_S) second = now - LONGEST_SINCE_S;
  unilog.on_done = on_done;
  unilog.asker = self;
  show_run(&unilog.since, second, now + 1, SINCE_LIMIT_MS, on_since, NULL);
  return true;
}

void unilog_forget(const void *self) {
  if (unilog.asker == self) unilog.asker = NULL;
}

uint64_t unilog_since_lines(void) { return unilog.since.count; }

void unilog_stop(void) {
  timer_stop(&unilog.reread_at);
  job_stop(&unilog.reread.job);
  job_stop(&unilog.since.job);
}

struct feed *unilog_feed(void) {
  static struct feed feed = {.source = SOURCE_LOG, .begin = begin, .cancel = cancel, .denial = denial, .saw_line = saw_line};
  return &feed;
}
