#ifndef SEALBAR_UNILOG_H
#define SEALBAR_UNILOG_H

#include <stdint.h>

#include "feed.h"
#include "job.h"

/* The unified log, by `log stream`; what it dropped is read again from the log's store by `log show`. */
struct feed *unilog_feed(void);

/* `log show` from that second (since 1970) on; false when one is running. `on_done` gets its job. */
bool unilog_since(int64_t second, job_fn *on_done, void *self);
/* The asker went away. */
void unilog_forget(const void *self);
/* Lines of the one that is running, or ran last. */
uint64_t unilog_since_lines(void);
void unilog_stop(void);

#endif
