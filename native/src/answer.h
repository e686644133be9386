#ifndef SEALBAR_ANSWER_H
#define SEALBAR_ANSWER_H

#include "client_state.h"

/* Reads one request of a client and does what it asks, if it is one of the fixed list. */
void answer_request(struct client *client, const struct line *line);

/* The head of an answer, and its sending. */
void answer_begin(struct text *text, const char *type, const struct request_id *id);
void answer_end(struct client *client, struct text *text);

/* `request` may be NULL. */
void answer_refuse(struct client *client, const struct request *request, const char *why);

#endif
