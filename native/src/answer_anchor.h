#ifndef SEALBAR_ANSWER_ANCHOR_H
#define SEALBAR_ANSWER_ANCHOR_H

#include "client_state.h"

/* The requests about chain heads. The full tier alone keeps them. */
void answer_anchor(struct client *client, const struct request *request);
void answer_anchors(struct client *client, const struct request *request);

#endif
