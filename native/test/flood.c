/*
 * A stand-in for a source that talks much: COUNT SIZE RATE. Prints COUNT numbered objects of about SIZE bytes, RATE of them a
 * second (0: as fast as it can), then stays. Its numbers tell what was sent. With SIZE 0, one line of COUNT bytes instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void pause_until(struct timespec start, double seconds) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double passed = (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
  if (seconds > passed) usleep((useconds_t)((seconds - passed) * 1e6));
}

static void long_line(long bytes) {
  static char chunk[65536];
  memset(chunk, 'x', sizeof chunk);
  fputs("{\"long\":\"", stdout);
  for (long left = bytes - 11; left > 0; left -= (long)sizeof chunk) {
    fwrite(chunk, 1, left < (long)sizeof chunk ? (size_t)left : sizeof chunk, stdout);
  }
  fputs("\"}\n", stdout);
}

int main(int argc, char *argv[]) {
  if (argc != 4) return 64;
  long count = atol(argv[1]);
  long size = atol(argv[2]);
  long rate = atol(argv[3]);
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  if (size == 0) {
    long_line(count);
    puts("{\"after\":true}");
  } else {
    char *padding = malloc((size_t)size + 1);
    if (padding == NULL) return 70;
    memset(padding, 'p', (size_t)size);
    padding[size] = '\0';
    for (long i = 1; i <= count; i++) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      printf("{\"i\":%ld,\"at\":%lld.%09ld,\"padding\":\"%s\"}\n", i, (long long)now.tv_sec, now.tv_nsec, padding);
      if (rate > 0 && i % 10 == 0) {
        fflush(stdout);
        pause_until(start, (double)i / (double)rate);
      }
    }
    free(padding);
  }
  fflush(stdout);
  pause();
  return 0;
}
