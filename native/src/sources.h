#ifndef SEALBAR_SOURCES_H
#define SEALBAR_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"

/* One bit a source. */
#define SOURCE_BIT(source) (1u << (source))
#define COLLECTED_SOURCES (SOURCE_BIT(SOURCE_ES) | SOURCE_BIT(SOURCE_LOG) | SOURCE_BIT(SOURCE_PROC) | SOURCE_BIT(SOURCE_PROBE))

/* `snapshot_ms`: how often the process table is looked at. */
void sources_init(int64_t snapshot_ms);

/* Starts those that are named and stops the others. */
void sources_want(unsigned wanted);
/* False when that source is not tried again by itself, so there is nothing to hurry. */
bool sources_retry(enum source source);
/* Everything ends, without a word. */
void sources_end(void);

/* Says `sleep` when the machine was not running, and looks at the settings again. */
void sleep_watch_start(void);

#endif
