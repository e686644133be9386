#ifndef SEALBAR_INSPECT_H
#define SEALBAR_INSPECT_H

#include <stdbool.h>

#include "platform.h"
#include "request.h"

/*
 * Looks at files for clients. A file may lie on a volume that never answers, so a process of ours does the looking, and is
 * replaced when it does not come back in time.
 */

/* Gets the finished frame; the callee lets it go. */
struct frame;
typedef void inspect_fn(void *self, struct frame *answer);

struct inspect_as {
  struct peer peer;
  /* Whether the answer may hold what only root can see. */
  bool trusted;
};

/* False when too many wait. */
bool inspect_ask(const struct request *request, const struct inspect_as *as, inspect_fn *on_answer, void *self);
/* The asker went away. */
void inspect_forget(const void *self);

typedef void admin_fn(void *self, bool is_admin);
/* Asks the directory service, by the same process. False when too many wait. */
bool inspect_admin(uid_t uid, admin_fn *on_answer, void *self);

void inspect_stop(void);

#endif
