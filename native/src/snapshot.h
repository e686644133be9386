#ifndef SEALBAR_SNAPSHOT_H
#define SEALBAR_SNAPSHOT_H

#include <stdint.h>

/* The `proc` source: what the process table has that it had not, and the other way round. */
void snapshot_start(int64_t every_ms);
void snapshot_stop(const char *reason);

#endif
