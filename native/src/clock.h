#ifndef SEALBAR_CLOCK_H
#define SEALBAR_CLOCK_H

#include <stdint.h>
#include <time.h>

#define TIME_TEXT_SIZE 40

/* RFC 3339 in UTC with nine digits, e.g. 2026-11-21T10:00:00.000000000Z. */
void time_text(struct timespec time, char text[TIME_TEXT_SIZE]);

/* The same for now. */
void now_text(char text[TIME_TEXT_SIZE]);

/* Milliseconds of a clock that never steps back; only differences mean something. */
int64_t monotonic_ms(void);

#endif
