#ifndef SEALBAR_JSON_H
#define SEALBAR_JSON_H

#include <stddef.h>
#include <stdio.h>

/*
 * Writes any bytes as a JSON string, quotes included, always valid UTF-8: what is not UTF-8 (overlong forms, surrogates,
 * cut sequences) becomes U+FFFD, one for each maximal ill-formed part.
 */
void json_string(FILE *out, const unsigned char *bytes, size_t length);

/* The same for a C string of our own. */
void json_text(FILE *out, const char *text);

#endif
