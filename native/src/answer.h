#ifndef SEALBAR_ANSWER_H
#define SEALBAR_ANSWER_H

#include "client_state.h"

/* Reads one request of a client and does what it asks, if it is one of the fixed list. */
void answer_request(struct client *client, const struct line *line);

/* `request` may be NULL. */
void answer_refuse(struct client *client, const struct request *request, const char *why);

#endif
