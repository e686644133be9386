#ifndef SEALBAR_REQUEST_H
#define SEALBAR_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum { REQUEST_TEXT = 4096, REQUEST_NAMES = 32, REQUEST_NAME = 64 };

/* Longest request, without its newline. */
#define MAX_REQUEST_BYTES ((size_t)32 * 1024)

enum request_id_kind { ID_NONE, ID_TEXT, ID_NUMBER };

struct request_id {
  enum request_id_kind kind;
  int64_t number;
  char text[REQUEST_NAME + 1];
};

struct request_names {
  bool given;
  size_t count;
  char name[REQUEST_NAMES][REQUEST_NAME + 1];
};

/* What a client may say. Numbers that were not given are -1, texts are empty. */
struct request {
  char r[REQUEST_NAME + 1];
  struct request_id id;
  /* Never with a NUL inside. */
  char path[REQUEST_TEXT + 1];
  char time[REQUEST_NAME + 1];
  char source[REQUEST_NAME + 1];
  char journal[REQUEST_NAME + 1];
  char hash[REQUEST_NAME + 1];
  int64_t version;
  int64_t pid;
  int64_t pidversion;
  int64_t mark;
  int64_t seq;
  bool assess;
  /* Whether one of the protocol's versions that the client knows is ours; true when it names none. */
  bool knows_us;
  struct request_names names;
  struct request_names want;
};

/*
 * Reads one line. Keys that are not known are skipped; a known one with a value of another kind, too long or out of
 * bounds, or twice, makes the whole request malformed. Returns false then; `id` and `r` are what was read by then.
 */
bool request_parse(const char *bytes, size_t length, struct request *request);

/* Writes the id as it was given, null when there is none. */
void request_id_json(struct text *out, const struct request_id *id);

#endif
