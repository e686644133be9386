#ifndef SEALBAR_RUN_H
#define SEALBAR_RUN_H

#include <stddef.h>
#include <stdint.h>

/* Kept of each stream; more is read, thrown away and counted. */
#define STREAM_LIMIT ((size_t)256 * 1024)

struct stream {
  unsigned char bytes[STREAM_LIMIT];
  size_t length;
  uint64_t dropped;
};

struct run_result {
  struct stream out;
  struct stream err;
  /* -1 when the program did not end by itself: not startable, ended by a signal, or by us at its limit. */
  int exit_code;
  int timed_out;
  /* errno of the start when it could not be started, else 0. */
  int start_error;
  int64_t ms;
};

/*
 * Runs a program by its absolute path with no input, a fixed small environment and a process group of its own, for at
 * most `limit_ms`. Whatever it started in that group is ended with it. Never waits for a pipe that a stray child holds.
 */
void run_program(const char *const argv[], int64_t limit_ms, struct run_result *result);

/* From now on SIGTERM, SIGINT and SIGHUP end the running program's group before they end us. */
void install_signal_handlers(void);

#endif
