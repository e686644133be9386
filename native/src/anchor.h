#ifndef SEALBAR_ANCHOR_H
#define SEALBAR_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "text.h"

/*
 * The heads of hash chains that others write, kept where only root can write: whoever changes such a chain later cannot
 * make it end here again. What a head means is not known here; it is a number and a hash.
 */

enum {
  ANCHOR_HEX = 64,
  ANCHOR_PLACES = 64,
  /* Of one user, so that nobody can take the others' places. */
  ANCHOR_PLACES_OF_ONE = 16,
};
#define ANCHOR_FILE "posture-anchor"
/* Longer than the longest file that can be written. */
#define MAX_ANCHOR_BYTES ((size_t)16 * 1024)

/* A user's journal is named by its first hash: two users' journals have nothing to do with each other. */
struct anchor {
  uid_t uid;
  int64_t seq;
  char journal[ANCHOR_HEX + 1];
  char hash[ANCHOR_HEX + 1];
};

struct anchors {
  size_t count;
  struct anchor list[ANCHOR_PLACES];
};

enum anchor_verdict {
  ANCHOR_KEPT,
  /* It does not go on from what is kept: a lower number, or the same one with another hash. */
  ANCHOR_OTHER,
  ANCHOR_FULL,
  /* Our own file cannot be read. It is left as it is. */
  ANCHOR_DAMAGED,
  ANCHOR_NOT_STORED,
};

/* Reads what an earlier run kept. The folder must be ours alone. */
void anchor_open(const char *folder);
bool anchor_is_damaged(void);
const struct anchors *anchor_all(void);

/* What is kept of this journal, or NULL. */
const struct anchor *anchor_find(uid_t uid, const char *journal);
/* ANCHOR_KEPT: it is on the disk. Everything else has changed nothing. */
enum anchor_verdict anchor_keep(const struct anchor *head);

/* Lower-case hex of a SHA-256, and nothing else. */
bool anchor_is_hash(const char *text);

/* The file's text. Reading is strict: a text that we would not have written is none. */
void anchor_write(const struct anchors *anchors, struct text *out);
bool anchor_read(const char *bytes, size_t length, struct anchors *anchors);

#endif
