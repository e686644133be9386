#include "sources.h"

#include "clock.h"
#include "es.h"
#include "hub.h"
#include "loop.h"
#include "prober.h"
#include "program.h"
#include "snapshot.h"
#include "unilog.h"

enum { LOOK_AT_CLOCKS_MS = MS(5000), SHORTEST_SLEEP_MS = 3000 };

static int64_t snapshot_ms;
static unsigned running;

void sources_init(int64_t every_ms) {
  snapshot_ms = every_ms;
  feed_init(es_feed());
  feed_init(unilog_feed());
}

static void switch_one(enum source source, bool on) {
  switch (source) {
    case SOURCE_ES:
      if (on) {
        feed_start(es_feed());
      } else {
        feed_stop(es_feed(), "not-asked");
      }
      return;
    case SOURCE_LOG:
      if (on) {
        feed_start(unilog_feed());
      } else {
        feed_stop(unilog_feed(), "not-asked");
      }
      return;
    case SOURCE_PROC:
      if (on) {
        snapshot_start(snapshot_ms);
      } else {
        snapshot_stop("not-asked");
      }
      return;
    case SOURCE_PROBE:
      if (on) {
        prober_start();
      } else {
        prober_stop();
        hub_status(SOURCE_PROBE, "stopped", "not-asked", NULL);
      }
      return;
    case SOURCE_FS:
    case SOURCE_COUNT:
      return;
  }
}

void sources_want(unsigned wanted) {
  for (int source = 0; source < SOURCE_COUNT; source++) {
    unsigned bit = SOURCE_BIT(source);
    if ((COLLECTED_SOURCES & bit) != 0) switch_one((enum source)source, (wanted & bit) != 0);
  }
  running = wanted & COLLECTED_SOURCES;
}

bool sources_retry(enum source source) {
  if ((running & SOURCE_BIT(source)) == 0) return false;
  if (source == SOURCE_ES) feed_retry(es_feed());
  if (source == SOURCE_LOG) feed_retry(unilog_feed());
  return source == SOURCE_ES || source == SOURCE_LOG;
}

void sources_end(void) {
  struct feed *feeds[] = {es_feed(), unilog_feed()};
  for (size_t i = 0; i < 2; i++) {
    timer_stop(&feeds[i]->restart);
    timer_stop(&feeds[i]->settle);
    child_kill(&feeds[i]->child);
  }
  prober_stop();
  unilog_stop();
}

/* Time that passed while we could not run: the clock that counts sleep gains on the one that does not. */
static int64_t slept_ms(void) { return elapsed_ms() - awake_ms(); }

static struct timer clocks;
static int64_t slept_before;

static void look_at_clocks(void *self) {
  int64_t slept = slept_ms();
  int64_t ms = slept - slept_before;
  (void)self;
  timer_in(&clocks, LOOK_AT_CLOCKS_MS, look_at_clocks, NULL);
  slept_before = slept;
  if (ms < SHORTEST_SLEEP_MS) return;
  struct timespec to = wall_now();
  struct timespec from = to;
  from.tv_sec -= (time_t)(ms / 1000);
  from.tv_nsec -= (long)(ms % 1000) * 1000000;
  if (from.tv_nsec < 0) {
    from.tv_nsec += 1000000000;
    from.tv_sec -= 1;
  }
  struct text text = {NULL, 0, 0};
  frame_begin(&text, "sleep");
  frame_time(&text, "from", from);
  frame_time(&text, "to", to);
  frame_end(&text);
  hub_say(&text, FRAME_CONTROL, SOURCE_PROBE);
  if (prober_is_on()) prober_all();
}

void sleep_watch_start(void) {
  slept_before = slept_ms();
  timer_in(&clocks, LOOK_AT_CLOCKS_MS, look_at_clocks, NULL);
}
