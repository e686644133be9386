#ifndef SEALBAR_CLOCK_H
#define SEALBAR_CLOCK_H

#include <stdint.h>
#include <time.h>

#define TIME_TEXT_SIZE 40

/* RFC 3339 in UTC with nine digits, e.g. 2026-11-21T10:00:00.000000000Z. */
void time_text(struct timespec time, char text[TIME_TEXT_SIZE]);

/* The wall clock; it may be set back and forth at any time, so it only labels and never measures. */
struct timespec wall_now(void);

/* `wall_now` as text. */
void now_text(char text[TIME_TEXT_SIZE]);

/* Milliseconds since some moment, not counting sleep; never steps back. All limits and pauses are of this clock. */
int64_t awake_ms(void);

/* The same, counting sleep. What it gains on `awake_ms` was slept. */
int64_t elapsed_ms(void);

/* Reads RFC 3339 (with a zone). Returns whole seconds since 1970, or -1. */
int64_t parse_time(const char *text);

#endif
