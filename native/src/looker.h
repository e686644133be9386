#ifndef SEALBAR_LOOKER_H
#define SEALBAR_LOOKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What the looking process is asked; the path's bytes follow. */
struct look {
  enum { LOOK_FILE, LOOK_ADMIN } what;
  uint32_t path_length;
  /* Looks with this user's rights, unless `own_rights`. */
  uid_t uid;
  gid_t gid;
  bool own_rights;
};

/* Its answer: so many bytes follow, keys of the file frame; for LOOK_ADMIN one byte, 'y' or 'n'. */
struct looked {
  uint32_t length;
};

enum { MAX_LOOKED = 64 * 1024 };

/* The looking process: one question after the other, until its input ends. */
void looker_run(int in, int out);

/* The name of an errno, for the protocol; "EIO" for the rare ones. */
const char *errno_name(int error);

#endif
