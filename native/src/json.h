#ifndef SEALBAR_JSON_H
#define SEALBAR_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/*
 * Writes any bytes as a JSON string, quotes included, always valid UTF-8: what is not UTF-8 (overlong forms, surrogates,
 * cut sequences) becomes U+FFFD, one for each maximal ill-formed part.
 */
void json_string(struct text *out, const void *bytes, size_t length);

/* The same for a C string of our own. */
void json_text(struct text *out, const char *string);

/* Copies bytes as they are, but for what is not UTF-8, which becomes U+FFFD. */
void json_copy(struct text *out, const void *bytes, size_t length);

/* Length of the well-formed UTF-8 sequence at `p` (1 to 4), or 0; then `*bad` is how many bytes one U+FFFD replaces. */
size_t json_sequence(const unsigned char *p, size_t left, size_t *bad);

/*
 * Whether the bytes are one brace-balanced object and nothing else. Enough to put them inside a frame: nothing in them
 * can end the object early and add keys to the frame. Whether it is valid JSON is the reader's to find out.
 */
bool json_is_object(const char *bytes, size_t length);

#endif
