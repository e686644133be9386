#include "inspect.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "frame.h"
#include "job.h"
#include "json.h"
#include "looker.h"
#include "program.h"

enum { MAX_WAITING = 256, MAX_ASSESS = 32, LOOK_MS = MS(2000), ASSESS_MS = MS(5000) };
#define ASSESS_BYTES ((size_t)64 * 1024)

/* One question, from when it is asked until it is answered. */
struct inquiry {
  struct look look;
  struct request_id id;
  char *path;
  pid_t pid;
  int64_t pidversion;
  bool assess;
  struct identity as;
  inspect_fn *on_answer;
  admin_fn *on_admin;
  void *asker;
  /* The frame so far. */
  struct text text;
  struct inquiry *next;
};

struct line_up {
  struct inquiry *first;
  struct inquiry *last;
  size_t count;
};

static struct {
  struct line_up looking;
  struct line_up assessing;
  /* Asked for and not yet answered. */
  size_t assess_count;
  struct child looker;
  int to_looker;
  bool has_looker;
  bool busy;
  struct text from_looker;
  struct timer deadline;
  struct job assess;
} inspect;

static void push(struct line_up *line_up, struct inquiry *inquiry) {
  inquiry->next = NULL;
  if (line_up->last != NULL) {
    line_up->last->next = inquiry;
  } else {
    line_up->first = inquiry;
  }
  line_up->last = inquiry;
  line_up->count++;
}

static struct inquiry *pop(struct line_up *line_up) {
  struct inquiry *inquiry = line_up->first;
  line_up->first = inquiry->next;
  if (line_up->first == NULL) line_up->last = NULL;
  line_up->count--;
  return inquiry;
}

static void discard(struct inquiry *inquiry) {
  text_free(&inquiry->text);
  free(inquiry->path);
  free(inquiry);
}

static void finish(struct inquiry *inquiry) {
  frame_end(&inquiry->text);
  struct frame *frame = frame_of(&inquiry->text, FRAME_CONTROL, SOURCE_PROBE, 0);
  if (inquiry->asker != NULL) {
    inquiry->on_answer(inquiry->asker, frame);
  } else {
    frame_let_go(frame);
  }
  if (inquiry->assess) inspect.assess_count--;
  discard(inquiry);
}

/* About the process that was named, as long as it is still the same. */
static void process_json(struct inquiry *inquiry) {
  struct text *text = &inquiry->text;
  struct process process;
  struct code code;
  char path[4096];
  memset(&code, 0, sizeof code);
  bool alive = inquiry->pid > 0 && platform_process(inquiry->pid, &process) &&
               (inquiry->pidversion < 0 || process.pidversion == inquiry->pidversion);
  if (alive) platform_process_code(inquiry->pid, &code);
  frame_text_or_null(text, "cdhash", code.cdhash);
  if (inquiry->pid <= 0) return;
  frame_number(text, "pid", inquiry->pid);
  frame_key(text, "pidversion");
  if (alive && process.pidversion >= 0) {
    text_number(text, process.pidversion);
  } else {
    text_add(text, "null");
  }
  frame_key(text, "codesigning_flags");
  if (alive && process.has_flags) {
    text_number(text, (int64_t)process.flags);
  } else {
    text_add(text, "null");
  }
  frame_text_or_null(text, "team_id", code.team_id);
  frame_text_or_null(text, "signing_id", code.signing_id);
  frame_text_or_null(text, "pidPath", alive && platform_process_path(inquiry->pid, path, sizeof path) ? path : NULL);
}

static void assess_next(void);

static void assessment_json(struct text *text, const struct job *job) {
  const char *error = job->start_error != 0 ? strerror(job->start_error) : NULL;
  frame_key(text, "assessment");
  text_add(text, "{\"verdict\":");
  text_add(text, job->exit_code == 0 ? "true" : job->exit_code == 3 ? "false" : "null");
  text_add(text, ",\"source\":null,\"authority\":null");
  frame_key(text, "error");
  if (error != NULL) {
    json_text(text, error);
  } else if (job->err.text.length > 0) {
    json_string(text, job->err.text.bytes, job->err.text.length < 4096 ? job->err.text.length : 4096);
  } else {
    text_add(text, "null");
  }
  frame_key(text, "exit");
  if (job->exit_code >= 0) {
    text_number(text, job->exit_code);
  } else {
    text_add(text, "null");
  }
  frame_bool(text, "timedOut", job->timed_out);
  frame_key(text, "out");
  json_string(text, job->out.text.bytes, job->out.text.length);
  if (job->out.dropped > 0) frame_number(text, "outDropped", (int64_t)job->out.dropped);
  text_char(text, '}');
}

static void on_assessed(void *self, struct job *job) {
  (void)self;
  struct inquiry *inquiry = pop(&inspect.assessing);
  assessment_json(&inquiry->text, job);
  job_clear(job);
  finish(inquiry);
  assess_next();
}

static void assess_next(void) {
  /* Nobody waits any more for what a client asked that went away. */
  while (!inspect.assess.running && inspect.assessing.first != NULL && inspect.assessing.first->asker == NULL) {
    finish(pop(&inspect.assessing));
  }
  if (inspect.assess.running || inspect.assessing.first == NULL) return;
  const struct inquiry *inquiry = inspect.assessing.first;
  struct job_limits limits = {ASSESS_MS, ASSESS_BYTES};
  /* The one thing a client says that a program is told: an argument behind "--", which starts with a slash. */
  job_start(&inspect.assess, COMMAND(AT("/usr/sbin/spctl"), "--assess", "--raw", "--type", "execute", "--", inquiry->path),
            &inquiry->as, limits, on_assessed, NULL);
}

static void look_next(void);

static void on_looked(const char *keys, size_t length) {
  struct inquiry *inquiry = pop(&inspect.looking);
  if (inquiry->look.what == LOOK_ADMIN) {
    if (inquiry->asker != NULL) inquiry->on_admin(inquiry->asker, length == 1 && keys[0] == 'y');
    discard(inquiry);
    return;
  }
  text_bytes(&inquiry->text, keys, length);
  process_json(inquiry);
  if (inquiry->assess) {
    push(&inspect.assessing, inquiry);
    assess_next();
  } else {
    text_add(&inquiry->text, ",\"assessment\":null");
    finish(inquiry);
  }
}

static void drop_looker(void) {
  if (!inspect.has_looker) return;
  loop_forget(inspect.looker.out);
  close(inspect.to_looker);
  child_abandon(&inspect.looker);
  inspect.has_looker = false;
  inspect.busy = false;
  text_clear(&inspect.from_looker);
}

static void give_up(const char *why) {
  char keys[256];
  bool was_busy = inspect.busy;
  timer_stop(&inspect.deadline);
  drop_looker();
  int length = snprintf(keys, sizeof keys,
                        ",\"error\":\"%s\",\"quarantine\":null,\"provenance\":null,\"mode\":null,\"size\":null,\"mtime\":null", why);
  if (was_busy) on_looked(keys, (size_t)length);
  look_next();
}

static void on_deadline(void *self) {
  (void)self;
  give_up("ETIMEDOUT");
}

static void on_looker_end(void *self, struct child *child) {
  (void)self;
  (void)child;
  give_up("EIO");
}

static void on_looker_says(void *self, short events) {
  char some[4096];
  struct looked looked;
  (void)self;
  (void)events;
  ssize_t got = read(inspect.looker.out, some, sizeof some);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    give_up("EIO");
    return;
  }
  text_bytes(&inspect.from_looker, some, (size_t)got);
  if (inspect.from_looker.length < sizeof looked) return;
  memcpy(&looked, inspect.from_looker.bytes, sizeof looked);
  if (looked.length > MAX_LOOKED) {
    give_up("EIO");
    return;
  }
  if (inspect.from_looker.length < sizeof looked + looked.length) return;
  timer_stop(&inspect.deadline);
  inspect.busy = false;
  on_looked(inspect.from_looker.bytes + sizeof looked, looked.length);
  text_clear(&inspect.from_looker);
  look_next();
}

static bool start_looker(void) {
  if (inspect.has_looker) return true;
  if (child_fork(&inspect.looker, looker_run, &inspect.to_looker, on_looker_end, NULL) != 0) return false;
  inspect.has_looker = true;
  loop_watch(inspect.looker.out, POLLIN, on_looker_says, NULL);
  return true;
}

static void look_next(void) {
  while (!inspect.busy && inspect.looking.first != NULL) {
    struct inquiry *inquiry = inspect.looking.first;
    struct text message = {NULL, 0, 0};
    text_bytes(&message, &inquiry->look, sizeof inquiry->look);
    if (inquiry->path != NULL) text_add(&message, inquiry->path);
    /* Smaller than a pipe holds, and the pipe is empty: it goes in one piece. */
    bool sent = start_looker() && write(inspect.to_looker, message.bytes, message.length) == (ssize_t)message.length;
    text_free(&message);
    inspect.busy = true;
    if (!sent) {
      give_up("EIO");
      return;
    }
    timer_in(&inspect.deadline, LOOK_MS, on_deadline, NULL);
  }
}

static struct inquiry *new_inquiry(void *asker) {
  struct inquiry *inquiry = must_have(sizeof *inquiry);
  inquiry->asker = asker;
  return inquiry;
}

bool inspect_ask(const struct request *request, const struct inspect_as *as, inspect_fn *on_answer, void *self) {
  if (inspect.looking.count + inspect.assessing.count >= MAX_WAITING) return false;
  if (request->assess && inspect.assess_count >= MAX_ASSESS) return false;
  struct inquiry *inquiry = new_inquiry(self);
  size_t length = strlen(request->path);
  inquiry->path = must_have(length + 1);
  memcpy(inquiry->path, request->path, length);
  memset(&inquiry->look, 0, sizeof inquiry->look);
  inquiry->look.what = LOOK_FILE;
  inquiry->look.path_length = (uint32_t)length;
  inquiry->look.uid = as->peer.uid;
  inquiry->look.gid = as->peer.gid;
  inquiry->look.own_rights = as->trusted;
  inquiry->id = request->id;
  inquiry->pid = request->pid > 0 && request->pid <= INT32_MAX ? (pid_t)request->pid : 0;
  inquiry->pidversion = request->pidversion;
  inquiry->assess = request->assess;
  inquiry->as = (struct identity){as->peer.uid, as->peer.gid};
  inquiry->on_answer = on_answer;
  if (inquiry->assess) inspect.assess_count++;
  frame_begin(&inquiry->text, "file");
  frame_at(&inquiry->text);
  frame_key(&inquiry->text, "id");
  request_id_json(&inquiry->text, &inquiry->id);
  frame_text(&inquiry->text, "path", inquiry->path);
  push(&inspect.looking, inquiry);
  look_next();
  return true;
}

bool inspect_admin(uid_t uid, admin_fn *on_answer, void *self) {
  if (inspect.looking.count >= MAX_WAITING) return false;
  struct inquiry *inquiry = new_inquiry(self);
  inquiry->look.what = LOOK_ADMIN;
  inquiry->look.uid = uid;
  inquiry->on_admin = on_answer;
  push(&inspect.looking, inquiry);
  look_next();
  return true;
}

static void forget_in(const struct line_up *line_up, const void *asker) {
  for (struct inquiry *inquiry = line_up->first; inquiry != NULL; inquiry = inquiry->next) {
    if (inquiry->asker == asker) inquiry->asker = NULL;
  }
}

void inspect_forget(const void *self) {
  forget_in(&inspect.looking, self);
  forget_in(&inspect.assessing, self);
}

void inspect_stop(void) {
  timer_stop(&inspect.deadline);
  drop_looker();
  job_stop(&inspect.assess);
}
