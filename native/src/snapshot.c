#include "snapshot.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "hub.h"
#include "json.h"
#include "loop.h"
#include "platform.h"

static struct {
  struct process *list;
  size_t count;
  int64_t every_ms;
  bool on;
  /* The first look tells of everything; nothing of that has just happened. */
  bool first;
  struct timer next;
} snapshot;

static int by_pid(const void *one, const void *other) {
  const struct process *a = one;
  const struct process *b = other;
  return a->pid < b->pid ? -1 : a->pid > b->pid;
}

static bool same_process(const struct process *a, const struct process *b) {
  return a->start.tv_sec == b->start.tv_sec && a->start.tv_nsec == b->start.tv_nsec;
}

/* An exec, another owner, or a signature that no longer holds. */
static bool changed(const struct process *a, const struct process *b) {
  return a->pidversion != b->pidversion || a->uid != b->uid || a->has_flags != b->has_flags || a->flags != b->flags ||
         strcmp(a->name, b->name) != 0;
}

static void args_json(struct text *body, pid_t pid) {
  struct text args = {NULL, 0, 0};
  bool cut = false;
  frame_key(body, "args");
  if (!platform_process_args(pid, &args, &cut)) {
    text_add(body, "[]");
    text_free(&args);
    return;
  }
  text_char(body, '[');
  for (size_t at = 0; at < args.length;) {
    const char *end = memchr(args.bytes + at, '\0', args.length - at);
    size_t length = end == NULL ? args.length - at : (size_t)(end - (args.bytes + at));
    if (at > 0) text_char(body, ',');
    json_string(body, args.bytes + at, length);
    at += length + 1;
  }
  text_char(body, ']');
  if (cut) frame_bool(body, "argsCut", true);
  text_free(&args);
}

static void ids_json(struct text *body, const struct process *process, const char *change) {
  text_add(body, "{\"change\":");
  json_text(body, change);
  frame_number(body, "pid", process->pid);
  frame_key(body, "pidversion");
  if (process->pidversion >= 0) {
    text_number(body, process->pidversion);
  } else {
    text_add(body, "null");
  }
  frame_number(body, "ppid", process->ppid);
  frame_number(body, "uid", (int64_t)process->uid);
}

static void flags_json(struct text *body, const struct process *process) {
  frame_key(body, "codesigning_flags");
  if (process->has_flags) {
    text_number(body, (int64_t)process->flags);
  } else {
    text_add(body, "null");
  }
}

static void tell(const struct process *process, const char *change) {
  struct text body = {NULL, 0, 0};
  struct code code;
  char path[4096];
  /* Gone before we could look: what is told would be another's, or nothing. */
  bool has_path = platform_process_path(process->pid, path, sizeof path);
  ids_json(&body, process, change);
  frame_text(&body, "path", has_path ? path : process->name);
  if (!has_path) frame_bool(&body, "pathUnknown", true);
  if (snapshot.first) frame_bool(&body, "initial", true);
  args_json(&body, process->pid);
  frame_time(&body, "start", process->start);
  flags_json(&body, process);
  platform_process_code(process->pid, &code);
  frame_text_or_null(&body, "cdhash", code.cdhash);
  frame_text_or_null(&body, "team_id", code.team_id);
  frame_text_or_null(&body, "signing_id", code.signing_id);
  text_char(&body, '}');
  hub_body(SOURCE_PROC, &body);
}

static void tell_gone(const struct process *process) {
  struct text body = {NULL, 0, 0};
  ids_json(&body, process, "gone");
  frame_time(&body, "start", process->start);
  flags_json(&body, process);
  text_char(&body, '}');
  hub_body(SOURCE_PROC, &body);
}

static void compare(const struct process *now, size_t count) {
  size_t old = 0;
  for (size_t i = 0; i < count || old < snapshot.count;) {
    const struct process *was = old < snapshot.count ? &snapshot.list[old] : NULL;
    const struct process *is = i < count ? &now[i] : NULL;
    if (is == NULL || (was != NULL && was->pid < is->pid)) {
      tell_gone(was);
      old++;
    } else if (was == NULL || is->pid < was->pid) {
      tell(is, "new");
      i++;
    } else {
      if (!same_process(was, is)) {
        tell_gone(was);
        tell(is, "new");
      } else if (changed(was, is)) {
        tell(is, "changed");
      }
      old++;
      i++;
    }
  }
}

static void look(void *self) {
  struct process *now;
  size_t count;
  (void)self;
  timer_in(&snapshot.next, snapshot.every_ms, look, NULL);
  if (!platform_processes(&now, &count)) {
    free(now);
    hub_status(SOURCE_PROC, "failed", "not-supported", "the process table cannot be read");
    return;
  }
  hub_status(SOURCE_PROC, "running", NULL, NULL);
  qsort(now, count, sizeof *now, by_pid);
  compare(now, count);
  free(snapshot.list);
  snapshot.list = now;
  snapshot.count = count;
  snapshot.first = false;
}

void snapshot_start(int64_t every_ms) {
  if (snapshot.on) return;
  snapshot.on = true;
  snapshot.first = true;
  snapshot.every_ms = every_ms;
  hub_status(SOURCE_PROC, "starting", NULL, NULL);
  timer_in(&snapshot.next, 0, look, NULL);
}

void snapshot_stop(const char *reason) {
  snapshot.on = false;
  timer_stop(&snapshot.next);
  free(snapshot.list);
  snapshot.list = NULL;
  snapshot.count = 0;
  hub_status(SOURCE_PROC, "stopped", reason, NULL);
}
