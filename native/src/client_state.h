#ifndef SEALBAR_CLIENT_STATE_H
#define SEALBAR_CLIENT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "framer.h"
#include "job.h"
#include "loop.h"
#include "platform.h"
#include "queue.h"
#include "request.h"
#include "spool.h"

enum client_state {
  CLIENT_NONE,
  /* We are finding out who it is; it is not listened to. */
  CLIENT_CHECKED,
  /* It has not said hello. */
  CLIENT_NEW,
  /* It is read the spool. */
  CLIENT_CATCHING_UP,
  CLIENT_LIVE,
};

/* Shared by client.c, which moves bytes, and answer.c, which knows requests. */
struct client {
  enum client_state state;
  int in;
  int out;
  struct peer peer;
  /* May be told what only root can see. */
  bool trusted;
  /* Has acknowledged something. */
  bool keeps;
  bool ending;
  struct framer requests;
  struct queue queue;
  struct spool_reader reader;
  struct timer hello_limit;
  /* Newest mark that was said, when, and how many frames came since. */
  uint64_t marked;
  int64_t marked_at;
  uint64_t unmarked;
  /* Refusals: all, and those of this second. */
  uint64_t refused;
  int64_t refused_second;
  unsigned refused_now;
  struct request_id since_id;
  struct request_id probes_id;
  struct request_id prove_id;
  struct job prove;
  struct timer prove_limit;
  /* No new chain head is taken before, by `awake_ms`. */
  int64_t anchor_after;
};

/* Takes the text over. */
void client_answer(struct client *client, struct text *text);
/* After what waits has been written. */
void client_end(struct client *client);
void client_welcome(struct client *client);
bool client_full_tier(void);

#endif
