#include "clock.h"

#include <stdio.h>

void time_text(struct timespec time, char text[TIME_TEXT_SIZE]) {
  char seconds[TIME_TEXT_SIZE];
  struct tm utc;
  if (gmtime_r(&time.tv_sec, &utc) == NULL || strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc) == 0) {
    text[0] = '\0';
    return;
  }
  /* The precision bounds the copy: nineteen characters until the year 9999. */
  snprintf(text, TIME_TEXT_SIZE, "%.24s.%09ldZ", seconds, time.tv_nsec);
}

void now_text(char text[TIME_TEXT_SIZE]) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time_text(now, text);
}

int64_t monotonic_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
