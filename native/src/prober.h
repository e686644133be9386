#ifndef SEALBAR_PROBER_H
#define SEALBAR_PROBER_H

#include <stdbool.h>
#include <stdint.h>

#include "request.h"

typedef void prober_fn(void *self);

/* `at_once`: how many programs may run side by side; a `csrutil` that hangs must not hold up the others. */
void prober_init(unsigned at_once);

/* Every probe that applies, now and then every half an hour, until stopped. */
void prober_start(void);
void prober_stop(void);
bool prober_is_on(void);
/* Every probe that applies, soon: the machine woke up, or it is asked for. */
void prober_all(void);

enum prober_answer { PROBER_BUSY, PROBER_UNKNOWN_NAME, PROBER_ASKED };
/* Asks for some (none named: all); `on_done` follows once each has been said. One asker at a time. */
enum prober_answer prober_ask(const struct request_names *names, prober_fn *on_done, void *self);
/* The asker went away. */
void prober_forget(const void *self);

#endif
