#include "answer.h"

#include <string.h>

#include "answer_anchor.h"
#include "clock.h"
#include "hub.h"
#include "inspect.h"
#include "json.h"
#include "prober.h"
#include "program.h"
#include "sources.h"
#include "unilog.h"

#ifndef SEALBAR_VERSION
#define SEALBAR_VERSION "0.0.0"
#endif

enum { REFUSALS_A_SECOND = 64, PROVE_MS = MS(2000), PROVE_EVERY_MS = MS(1000), PROTOCOL = 1 };

void answer_begin(struct text *text, const char *type, const struct request_id *id) {
  frame_begin(text, type);
  frame_at(text);
  frame_key(text, "id");
  request_id_json(text, id);
}

void answer_end(struct client *client, struct text *text) {
  frame_end(text);
  client_answer(client, text);
}

void answer_refuse(struct client *client, const struct request *request, const char *why) {
  static const struct request_id none = {ID_NONE, 0, ""};
  struct text text = {NULL, 0, 0};
  int64_t second = awake_ms() / 1000;
  client->refused++;
  if (second != client->refused_second) client->refused_now = 0;
  client->refused_second = second;
  if (++client->refused_now > REFUSALS_A_SECOND) return;
  answer_begin(&text, "refused", request == NULL ? &none : &request->id);
  frame_text_or_null(&text, "r", request == NULL ? NULL : request->r);
  frame_text(&text, "why", why);
  frame_number(&text, "count", (int64_t)client->refused);
  answer_end(client, &text);
}

static void done(struct client *client, const struct request_id *id, const char *r, const struct job *job, int64_t lines) {
  struct text text = {NULL, 0, 0};
  answer_begin(&text, "done", id);
  frame_text(&text, "r", r);
  if (job != NULL) {
    frame_key(&text, "exit");
    if (job->exit_code >= 0) {
      text_number(&text, job->exit_code);
    } else {
      text_add(&text, "null");
    }
    frame_bool(&text, "timedOut", job->timed_out);
  }
  if (lines >= 0) frame_number(&text, "lines", lines);
  answer_end(client, &text);
}

static void sources_json(struct text *text, unsigned sources) {
  bool first = true;
  frame_key(text, "sources");
  text_char(text, '[');
  for (int source = 0; source < SOURCE_COUNT; source++) {
    if ((sources & SOURCE_BIT(source)) == 0) continue;
    if (!first) text_char(text, ',');
    json_text(text, SOURCE_NAMES[source]);
    first = false;
  }
  text_char(text, ']');
}

static void on_hello(struct client *client, const struct request *request) {
  struct text text = {NULL, 0, 0};
  if (!request->knows_us) {
    answer_refuse(client, request, "version");
    client_end(client);
    return;
  }
  answer_begin(&text, "welcome", &request->id);
  text_add(&text, ",\"protocol\":[");
  text_number(&text, PROTOCOL);
  text_add(&text, "],\"helper\":{\"version\":");
  json_text(&text, SEALBAR_VERSION);
  frame_bool(&text, "privileged", platform_is_privileged());
  frame_text(&text, "tier", hub_tier());
  text_char(&text, '}');
  frame_text(&text, "session", hub_session());
  sources_json(&text, hub_sources());
  frame_key(&text, "spool");
  if (client_full_tier()) {
    text_add(&text, "{\"bytes\":");
    text_number(&text, (int64_t)spool_bytes());
    frame_number(&text, "shed", (int64_t)spool_shed());
    text_char(&text, '}');
  } else {
    text_add(&text, "null");
  }
  answer_end(client, &text);
  client_welcome(client);
}

static void counts_json(struct text *text, const struct client *client, enum source source) {
  const struct hub_counts *counts = hub_counts(source);
  text_char(text, '"');
  text_add(text, SOURCE_NAMES[source]);
  text_add(text, "\":{\"n\":");
  text_number(text, (int64_t)counts->n);
  frame_number(text, "lines", (int64_t)counts->lines);
  if (counts->lines > 0) {
    frame_time(text, "lastAt", counts->last);
  } else {
    text_add(text, ",\"lastAt\":null");
  }
  frame_number(text, "shed", (int64_t)client->queue.told[source] + client->queue.shed[source].count);
  frame_number(text, "unreadable", (int64_t)counts->unreadable);
  text_char(text, '}');
}

static void on_ping(struct client *client, const struct request *request) {
  static const enum source NUMBERED[] = {SOURCE_ES, SOURCE_LOG, SOURCE_PROC};
  struct text text = {NULL, 0, 0};
  answer_begin(&text, "pong", &request->id);
  frame_text(&text, "session", hub_session());
  frame_number(&text, "uptimeMs", awake_ms() - hub_started_ms());
  frame_key(&text, "counts");
  text_char(&text, '{');
  for (size_t i = 0; i < sizeof NUMBERED / sizeof NUMBERED[0]; i++) {
    if (i > 0) text_char(&text, ',');
    counts_json(&text, client, NUMBERED[i]);
  }
  text_add(&text, "},\"queue\":{\"frames\":");
  text_number(&text, (int64_t)client->queue.frames);
  frame_number(&text, "bytes", (int64_t)queue_bytes(&client->queue));
  text_char(&text, '}');
  if (client->state == CLIENT_CATCHING_UP) frame_bool(&text, "catchingUp", true);
  frame_number(&text, "refused", (int64_t)client->refused);
  answer_end(client, &text);
}

static void on_file(void *self, struct frame *frame) {
  struct client *client = self;
  queue_push(&client->queue, frame);
  frame_let_go(frame);
}

static void on_inspect(struct client *client, const struct request *request) {
  struct inspect_as as = {client->peer, client->trusted};
  if (request->path[0] != '/') {
    answer_refuse(client, request, "malformed");
  } else if (!inspect_ask(request, &as, on_file, client)) {
    answer_refuse(client, request, "busy");
  }
}

static void on_since_done(void *self, struct job *job) {
  struct client *client = self;
  done(client, &client->since_id, "since", job, (int64_t)unilog_since_lines());
}

static void on_since(struct client *client, const struct request *request) {
  int64_t second = parse_time(request->time);
  if (second < 0) {
    answer_refuse(client, request, "malformed");
    return;
  }
  struct request_id before = client->since_id;
  client->since_id = request->id;
  if (unilog_since(second, on_since_done, client)) return;
  client->since_id = before;
  answer_refuse(client, request, "busy");
}

static void on_probes_done(void *self) {
  struct client *client = self;
  done(client, &client->probes_id, "probes", NULL, -1);
}

static void on_probes(struct client *client, const struct request *request) {
  struct request_id before = client->probes_id;
  client->probes_id = request->id;
  enum prober_answer answer = prober_ask(&request->names, on_probes_done, client);
  if (answer == PROBER_ASKED) return;
  client->probes_id = before;
  answer_refuse(client, request, answer == PROBER_BUSY ? "busy" : "malformed");
}

static void on_ack(struct client *client, const struct request *request) {
  if (request->mark < 0) {
    answer_refuse(client, request, "malformed");
    return;
  }
  if (!client_full_tier()) return;
  if ((uint64_t)request->mark > client->marked) {
    answer_refuse(client, request, "not-allowed");
    return;
  }
  client->keeps = true;
  spool_forget((uint64_t)request->mark, client->reader.lost_read);
}

static void on_sources(struct client *client, const struct request *request) {
  unsigned wanted = 0;
  if (client_full_tier()) {
    answer_refuse(client, request, "not-in-this-tier");
    return;
  }
  for (size_t i = 0; i < request->want.count; i++) {
    enum source source = source_named(request->want.name[i]);
    unsigned bit = source == SOURCE_COUNT ? 0 : SOURCE_BIT(source);
    if ((bit & COLLECTED_SOURCES) == 0) {
      answer_refuse(client, request, "not-supported");
      return;
    }
    wanted |= bit;
  }
  if (!request->want.given) {
    answer_refuse(client, request, "malformed");
    return;
  }
  sources_want(wanted);
  done(client, &request->id, "sources", NULL, -1);
}

static void on_retry(struct client *client, const struct request *request) {
  enum source source = source_named(request->source);
  if (source == SOURCE_COUNT) {
    answer_refuse(client, request, "malformed");
  } else if (!sources_retry(source)) {
    answer_refuse(client, request, "not-supported");
  } else {
    done(client, &request->id, "retry", NULL, -1);
  }
}

static void on_proved(void *self, struct job *job) {
  struct client *client = self;
  done(client, &client->prove_id, "prove", job, -1);
  job_clear(job);
}

static void on_may_prove(void *self) { (void)self; }

static void on_prove(struct client *client, const struct request *request) {
  struct job_limits limits = {PROVE_MS, 1024};
  if (source_named(request->source) != SOURCE_ES) {
    answer_refuse(client, request, request->source[0] == '\0' ? "malformed" : "not-supported");
    return;
  }
  if (client->prove.running || client->prove_limit.set) {
    answer_refuse(client, request, "busy");
    return;
  }
  client->prove_id = request->id;
  timer_in(&client->prove_limit, PROVE_EVERY_MS, on_may_prove, NULL);
  job_start(&client->prove, COMMAND(AT("/usr/bin/true")), NULL, limits, on_proved, client);
}

static void on_bye(struct client *client, const struct request *request) {
  struct text text = {NULL, 0, 0};
  (void)request;
  /* In the standard tier the helper itself says goodbye, at its end. */
  if (client_full_tier()) {
    frame_begin(&text, "bye");
    frame_at(&text);
    answer_end(client, &text);
  }
  client_end(client);
}

static const struct {
  const char *r;
  void (*on)(struct client *client, const struct request *request);
} REQUESTS[] = {
    {"hello", on_hello},     {"ping", on_ping},   {"inspect", on_inspect}, {"since", on_since},       {"probes", on_probes},
    {"ack", on_ack},         {"bye", on_bye},     {"prove", on_prove},     {"anchor", answer_anchor}, {"anchors", answer_anchors},
    {"sources", on_sources}, {"retry", on_retry},
};

void answer_request(struct client *client, const struct line *line) {
  static struct request request;
  if (line->too_long > 0) {
    answer_refuse(client, NULL, "too-long");
    return;
  }
  if (!request_parse(line->bytes, line->length, &request)) {
    answer_refuse(client, &request, "malformed");
    return;
  }
  if (client->state == CLIENT_NEW && strcmp(request.r, "hello") != 0) {
    answer_refuse(client, &request, "not-allowed");
    return;
  }
  for (size_t i = 0; i < sizeof REQUESTS / sizeof REQUESTS[0]; i++) {
    if (strcmp(REQUESTS[i].r, request.r) == 0) {
      REQUESTS[i].on(client, &request);
      return;
    }
  }
  answer_refuse(client, &request, "unknown-request");
}
