#include "clock.h"

#include <stdio.h>
#include <string.h>

#include "program.h"

/*
 * Clocks by what they count. On macOS the monotonic clock goes on in sleep and the uptime clock does not; the raw ones, so
 * that setting the time does not look like a nap. UNVERIFIED on a Mac (docs/release-checklist.md).
 */
#ifdef __APPLE__
#define AWAKE_CLOCK CLOCK_UPTIME_RAW
#define ELAPSED_CLOCK CLOCK_MONOTONIC_RAW
#else
#define AWAKE_CLOCK CLOCK_MONOTONIC
#define ELAPSED_CLOCK CLOCK_BOOTTIME
#endif

#ifdef SEALBAR_TEST_BUILD
/* Tests move the clocks: a file with two numbers, milliseconds added to the wall clock and to the elapsed one. */
static int64_t moved(int which) {
  long long by[2] = {0, 0};
  FILE *file = fopen(AT("/clock"), "re");
  if (file == NULL) return 0;
  if (fscanf(file, "%lld %lld", &by[0], &by[1]) != 2) by[0] = by[1] = 0;
  fclose(file);
  return by[which];
}
#else
static int64_t moved(int which) {
  (void)which;
  return 0;
}
#endif

static int64_t read_ms(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

struct timespec wall_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  int64_t by = moved(0);
  now.tv_sec += (time_t)(by / 1000);
  return now;
}

void now_text(char text[TIME_TEXT_SIZE]) {
  time_text(wall_now(), text);
}

int64_t awake_ms(void) { return read_ms(AWAKE_CLOCK); }

int64_t elapsed_ms(void) { return read_ms(ELAPSED_CLOCK) + moved(1); }

int64_t parse_time(const char *text) {
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
  int used = 0;
  if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &used) != 6) return -1;
  if (used != 19 || year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return -1;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  const char *zone = text + used;
  if (*zone == '.') zone += 1 + strspn(zone + 1, "0123456789");
  int offset = 0;
  if (strcmp(zone, "Z") != 0) {
    int zone_hour;
    int zone_minute;
    if ((*zone != '+' && *zone != '-') || strlen(zone) != 6 || sscanf(zone + 1, "%2d:%2d", &zone_hour, &zone_minute) != 2) {
      return -1;
    }
    if (zone_hour < 0 || zone_hour > 23 || zone_minute < 0 || zone_minute > 59) return -1;
    offset = (zone_hour * 60 + zone_minute) * (*zone == '+' ? 60 : -60);
  }
  struct tm utc = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute, .tm_sec = second};
  int64_t seconds = (int64_t)timegm(&utc) - offset;
  return seconds >= 0 ? seconds : -1;
}
