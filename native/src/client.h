#ifndef SEALBAR_CLIENT_H
#define SEALBAR_CLIENT_H

#include <stdbool.h>

#include "frame.h"
#include "platform.h"

enum { MAX_CLIENTS = 8 };

/* What differs between a parent at our standard streams and a connection of the daemon's socket. */
struct client_rules {
  bool full_tier;
  /* A client is gone. `by_wish`: it said goodbye. */
  void (*on_gone)(bool by_wish);
};

void clients_init(const struct client_rules *rules);

/* Everything from here on goes to it: the hello first. */
bool client_open_stream(int in, int out);

/* Checks who it is; then waits for its hello. False when there is no place for it. */
bool client_open_connection(int fd, const struct peer *peer);

/* A frame of the session, for everyone who listens. */
void clients_say(struct frame *frame);

/* Writes what can be written now. */
void clients_flush(void);

/* Says goodbye to everyone and writes for a moment more. */
void clients_bye(void);

#endif
