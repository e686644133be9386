#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "host.h"
#include "json.h"
#include "probes.h"
#include "run.h"

#ifndef SEALBAR_VERSION
#define SEALBAR_VERSION "0.0.0"
#endif

enum { EXIT_DONE = 0, EXIT_OURS = 70, EXIT_USAGE = 64 };

static const char USAGE[] =
    "usage: sealbar-helper --once | --version | --help\n"
    "\n"
    "  --once     say hello, read every setting that seals depend on once, and say goodbye:\n"
    "             protocol v1 on standard output, one JSON object a line\n"
    "  --version  print the version\n"
    "  --help     print this\n"
    "\n"
    "It runs only the programs of its fixed list and takes no command or path from anyone.\n";

/* In the protocol's order. `probe` is the only one that this version collects. */
static const char *const SOURCES[] = {"es", "log", "fs", "proc", "probe"};
enum { SOURCE_COUNT = sizeof SOURCES / sizeof SOURCES[0] };

static void begin_frame(FILE *out, const char *type) {
  fprintf(out, "{\"v\":1,\"t\":");
  json_text(out, type);
}

static void text_key(FILE *out, const char *key, const char *value) {
  fprintf(out, ",\"%s\":", key);
  json_text(out, value);
}

static void at_key(FILE *out) {
  char now[TIME_TEXT_SIZE];
  now_text(now);
  text_key(out, "at", now);
}

/* Returns 0 when the reader is gone. */
static int end_frame(FILE *out) {
  fputs("}\n", out);
  return fflush(out) == 0 && !ferror(out);
}

static int say_hello(FILE *out) {
  char session[37];
  if (random_uuid(session) != 0) return 0;
  begin_frame(out, "hello");
  text_key(out, "session", session);
  at_key(out);
  fputs(",\"host\":", out);
  host_json(out);
  fputs(",\"helper\":{\"version\":", out);
  json_text(out, SEALBAR_VERSION);
  fprintf(out, ",\"privileged\":%s},\"sources\":[", geteuid() == 0 ? "true" : "false");
  for (size_t i = 0; i < SOURCE_COUNT; i++) {
    if (i > 0) fputc(',', out);
    json_text(out, SOURCES[i]);
  }
  fputc(']', out);
  return end_frame(out);
}

static int say_status(FILE *out, const char *source) {
  int collected = strcmp(source, "probe") == 0;
  begin_frame(out, "status");
  text_key(out, "src", source);
  text_key(out, "state", collected ? "running" : "stopped");
  if (!collected) {
    text_key(out, "reason", "not-built-in");
    text_key(out, "detail", "this version of the helper does not collect it yet");
  }
  at_key(out);
  return end_frame(out);
}

static void stream_keys(FILE *out, const char *key, const struct stream *stream) {
  fprintf(out, ",\"%s\":", key);
  json_string(out, stream->bytes, stream->length);
  if (stream->dropped > 0) fprintf(out, ",\"%sDropped\":%llu", key, (unsigned long long)stream->dropped);
}

static int run_probe(FILE *out, const struct probe *probe) {
  static struct run_result result;
  run_program(probe->argv, probe->limit_ms, &result);
  begin_frame(out, "probe");
  text_key(out, "name", probe->name);
  at_key(out);
  if (result.exit_code >= 0) {
    fprintf(out, ",\"exit\":%d", result.exit_code);
  } else {
    fputs(",\"exit\":null", out);
  }
  fprintf(out, ",\"ms\":%lld,\"timedOut\":%s", (long long)result.ms, result.timed_out ? "true" : "false");
  if (result.start_error != 0) text_key(out, "startError", strerror(result.start_error));
  stream_keys(out, "out", &result.out);
  stream_keys(out, "err", &result.err);
  return end_frame(out);
}

static int say_bye(FILE *out) {
  begin_frame(out, "bye");
  at_key(out);
  return end_frame(out);
}

static int once(FILE *out) {
  if (!say_hello(out)) return EXIT_OURS;
  for (size_t i = 0; i < SOURCE_COUNT; i++) {
    if (!say_status(out, SOURCES[i])) return EXIT_OURS;
  }
  for (size_t i = 0; i < PROBE_COUNT; i++) {
    if (PROBES[i].needs_root && geteuid() != 0) continue;
    if (!run_probe(out, &PROBES[i])) return EXIT_OURS;
  }
  return say_bye(out) ? EXIT_DONE : EXIT_OURS;
}

/* Started without one of the standard streams, a pipe of ours would take its number. */
static void occupy_standard_streams(void) {
  int fd;
  do {
    fd = open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

int main(int argc, char *argv[]) {
  occupy_standard_streams();
  if (argc == 2 && strcmp(argv[1], "--version") == 0) {
    printf("sealbar-helper %s\n", SEALBAR_VERSION);
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_OURS;
  }
  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    fputs(USAGE, stdout);
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_OURS;
  }
  if (argc != 2 || strcmp(argv[1], "--once") != 0) {
    fputs(USAGE, stderr);
    return EXIT_USAGE;
  }
  install_signal_handlers();
  return once(stdout);
}
