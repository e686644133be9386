#include "answer_anchor.h"

#include <string.h>

#include "anchor.h"
#include "answer.h"
#include "clock.h"
#include "json.h"
#include "program.h"

/* Each new head is written to the disk, which the loop waits for. */
enum { ANCHOR_EVERY_MS = MS(1000) };

static bool may_ask(struct client *client, const struct request *request) {
  const char *why = !client_full_tier() ? "not-in-this-tier" : anchor_is_damaged() ? "damaged" : NULL;
  if (why != NULL) answer_refuse(client, request, why);
  return why == NULL;
}

static void say_anchored(struct client *client, const struct request *request, bool kept) {
  struct text text = {NULL, 0, 0};
  const struct anchor *head = anchor_find(client->peer.uid, request->journal);
  answer_begin(&text, "anchored", &request->id);
  frame_text(&text, "journal", head->journal);
  frame_number(&text, "seq", head->seq);
  frame_text(&text, "hash", head->hash);
  frame_bool(&text, "kept", kept);
  answer_end(client, &text);
}

/* What it says again costs nothing. */
static bool is_new(const struct anchor *head) {
  const struct anchor *kept = anchor_find(head->uid, head->journal);
  return kept == NULL || head->seq > kept->seq;
}

void answer_anchor(struct client *client, const struct request *request) {
  struct anchor head = {client->peer.uid, request->seq, "", ""};
  if (!may_ask(client, request)) return;
  if (request->seq < 1 || !anchor_is_hash(request->journal) || !anchor_is_hash(request->hash)) {
    answer_refuse(client, request, "malformed");
    return;
  }
  memcpy(head.journal, request->journal, sizeof head.journal);
  memcpy(head.hash, request->hash, sizeof head.hash);
  if (is_new(&head)) {
    if (awake_ms() < client->anchor_after) {
      answer_refuse(client, request, "busy");
      return;
    }
    client->anchor_after = awake_ms() + ANCHOR_EVERY_MS;
  }
  switch (anchor_keep(&head)) {
    case ANCHOR_KEPT:
      say_anchored(client, request, true);
      return;
    case ANCHOR_OTHER:
      say_anchored(client, request, false);
      return;
    case ANCHOR_FULL:
      answer_refuse(client, request, "full");
      return;
    case ANCHOR_NOT_STORED:
      answer_refuse(client, request, "not-stored");
      return;
    case ANCHOR_DAMAGED:
      answer_refuse(client, request, "damaged");
      return;
  }
}

/* Only those of the user who asks. */
void answer_anchors(struct client *client, const struct request *request) {
  struct text text = {NULL, 0, 0};
  const struct anchors *all = anchor_all();
  bool first = true;
  if (!may_ask(client, request)) return;
  answer_begin(&text, "anchors", &request->id);
  frame_key(&text, "heads");
  text_char(&text, '[');
  for (size_t i = 0; i < all->count; i++) {
    if (all->list[i].uid != client->peer.uid) continue;
    if (!first) text_char(&text, ',');
    text_add(&text, "{\"journal\":");
    json_text(&text, all->list[i].journal);
    frame_number(&text, "seq", all->list[i].seq);
    frame_text(&text, "hash", all->list[i].hash);
    text_char(&text, '}');
    first = false;
  }
  text_char(&text, ']');
  answer_end(client, &text);
}
