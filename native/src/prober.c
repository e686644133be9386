#include "prober.h"

#include <string.h>

#include "hub.h"
#include "job.h"
#include "json.h"
#include "platform.h"
#include "probes.h"
#include "program.h"

enum { MAX_PROBES = 32, EVERY_MS = MS(30 * 60 * 1000) };
#define KEPT_BYTES ((size_t)256 * 1024)

static struct {
  struct job jobs[MAX_PROBES];
  bool waiting[MAX_PROBES];
  /* Of the asker's, not yet said. */
  bool asked[MAX_PROBES];
  bool someone_asks;
  prober_fn *on_done;
  void *asker;
  unsigned running;
  unsigned at_once;
  bool on;
  struct timer again;
} prober;

static bool applies(size_t i) { return !PROBES[i].needs_root || platform_is_privileged(); }

static void stream_keys(struct text *text, const char *key, const struct kept *kept) {
  frame_key(text, key);
  json_string(text, kept->text.bytes, kept->text.length);
  if (kept->dropped == 0) return;
  frame_key(text, strcmp(key, "out") == 0 ? "outDropped" : "errDropped");
  text_number(text, (int64_t)kept->dropped);
}

static void say(const struct probe *probe, const struct job *job) {
  struct text text = {NULL, 0, 0};
  frame_begin(&text, "probe");
  frame_text(&text, "name", probe->name);
  frame_at(&text);
  if (job->exit_code >= 0) {
    frame_number(&text, "exit", job->exit_code);
  } else {
    text_add(&text, ",\"exit\":null");
  }
  frame_number(&text, "ms", job->ms);
  frame_bool(&text, "timedOut", job->timed_out);
  if (job->start_error != 0) frame_text(&text, "startError", strerror(job->start_error));
  stream_keys(&text, "out", &job->out);
  stream_keys(&text, "err", &job->err);
  frame_end(&text);
  hub_say(&text, FRAME_PROBE, SOURCE_PROBE);
}

static void run_waiting(void);

static void answer_asker(void) {
  if (!prober.someone_asks) return;
  for (size_t i = 0; i < PROBE_COUNT; i++) {
    if (prober.asked[i]) return;
  }
  prober.someone_asks = false;
  if (prober.asker != NULL) prober.on_done(prober.asker);
}

static void on_probe_done(void *self, struct job *job) {
  const struct probe *probe = self;
  prober.running--;
  say(probe, job);
  job_clear(job);
  prober.asked[probe - PROBES] = false;
  answer_asker();
  run_waiting();
}

static void run_waiting(void) {
  for (size_t i = 0; i < PROBE_COUNT && prober.running < prober.at_once; i++) {
    if (!prober.waiting[i] || prober.jobs[i].running) continue;
    prober.waiting[i] = false;
    prober.running++;
    struct job_limits limits = {PROBES[i].limit_ms, KEPT_BYTES};
    job_start(&prober.jobs[i], PROBES[i].argv, NULL, limits, on_probe_done, (void *)(uintptr_t)&PROBES[i]);
  }
}

void prober_init(unsigned at_once) { prober.at_once = at_once; }

void prober_all(void) {
  for (size_t i = 0; i < PROBE_COUNT; i++) prober.waiting[i] = applies(i);
  run_waiting();
}

static void on_again(void *self) {
  (void)self;
  prober_all();
  timer_in(&prober.again, EVERY_MS, on_again, NULL);
}

void prober_start(void) {
  if (prober.on) return;
  prober.on = true;
  hub_status(SOURCE_PROBE, "running", NULL, NULL);
  on_again(NULL);
}

void prober_stop(void) {
  prober.on = false;
  timer_stop(&prober.again);
  for (size_t i = 0; i < PROBE_COUNT; i++) {
    if (!prober.asked[i]) prober.waiting[i] = false;
  }
}

bool prober_is_on(void) { return prober.on; }

static size_t named(const char *name) {
  size_t i = 0;
  while (i < PROBE_COUNT && strcmp(PROBES[i].name, name) != 0) i++;
  return i;
}

enum prober_answer prober_ask(const struct request_names *names, prober_fn *on_done, void *self) {
  if (prober.someone_asks) return PROBER_BUSY;
  bool asked[MAX_PROBES] = {false};
  for (size_t i = 0; i < names->count; i++) {
    size_t place = named(names->name[i]);
    if (place == PROBE_COUNT) return PROBER_UNKNOWN_NAME;
    asked[place] = applies(place);
  }
  prober.someone_asks = true;
  prober.on_done = on_done;
  prober.asker = self;
  for (size_t i = 0; i < PROBE_COUNT; i++) {
    prober.asked[i] = names->count == 0 ? applies(i) : asked[i];
    if (prober.asked[i]) prober.waiting[i] = true;
  }
  run_waiting();
  answer_asker();
  return PROBER_ASKED;
}

void prober_forget(const void *self) {
  if (prober.asker == self) prober.asker = NULL;
}
