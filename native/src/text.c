#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_ROOM = 512, EXIT_OURS = 70 };

void *must_have(size_t size) {
  void *memory = calloc(1, size > 0 ? size : 1);
  if (memory == NULL) _exit(EXIT_OURS);
  return memory;
}

void text_reserve(struct text *text, size_t more) {
  size_t needed = text->length + more;
  if (needed < more) _exit(EXIT_OURS);
  if (needed <= text->room) return;
  size_t room = text->room < FIRST_ROOM ? FIRST_ROOM : text->room;
  while (room < needed) room = room > SIZE_MAX / 2 ? needed : room * 2;
  char *bytes = realloc(text->bytes, room);
  if (bytes == NULL) _exit(EXIT_OURS);
  text->bytes = bytes;
  text->room = room;
}

void text_bytes(struct text *text, const void *bytes, size_t length) {
  if (length == 0) return;
  text_reserve(text, length);
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
}

void text_add(struct text *text, const char *string) { text_bytes(text, string, strlen(string)); }

void text_char(struct text *text, char c) { text_bytes(text, &c, 1); }

void text_number(struct text *text, int64_t number) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%" PRId64, number);
  text_bytes(text, digits, (size_t)length);
}

void text_fit(struct text *text) {
  if (text->length == 0 || text->room - text->length < text->length / 4) return;
  char *bytes = realloc(text->bytes, text->length);
  if (bytes == NULL) return;
  text->bytes = bytes;
  text->room = text->length;
}

void text_clear(struct text *text) { text->length = 0; }

void text_free(struct text *text) {
  free(text->bytes);
  *text = (struct text){NULL, 0, 0};
}
