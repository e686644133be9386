#ifndef SEALBAR_TEXT_H
#define SEALBAR_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* A growing row of bytes. Zeroed is empty. Without memory the helper ends (70): half a frame would be worse. */
struct text {
  char *bytes;
  size_t length;
  size_t room;
};

void *must_have(size_t size);
void text_reserve(struct text *text, size_t more);
void text_bytes(struct text *text, const void *bytes, size_t length);
void text_add(struct text *text, const char *string);
void text_char(struct text *text, char c);
void text_number(struct text *text, int64_t number);
/* Gives back what it does not use. */
void text_fit(struct text *text);
void text_clear(struct text *text);
void text_free(struct text *text);

#endif
