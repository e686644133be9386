#ifndef SEALBAR_PROBES_H
#define SEALBAR_PROBES_H

#include <stddef.h>
#include <stdint.h>

struct probe {
  const char *name;
  int64_t limit_ms;
  /* Left out unless we are root. */
  int needs_root;
  /* Absolute path first, NULL last. */
  const char *const *argv;
};

extern const struct probe PROBES[];
extern const size_t PROBE_COUNT;

#endif
