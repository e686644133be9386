#include "json.h"

#include <string.h>

/*
 * Length of the well-formed UTF-8 sequence at `p` (1 to 4), or 0; then `*bad` is how many bytes to replace by one U+FFFD.
 * Ranges: Unicode Standard, table 3-7.
 */
static size_t sequence_length(const unsigned char *p, size_t left, size_t *bad) {
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  size_t length;
  *bad = 1;
  if (p[0] < 0x80) return 1;
  if (p[0] >= 0xC2 && p[0] <= 0xDF) {
    length = 2;
  } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
    length = 3;
    if (p[0] == 0xE0) low = 0xA0;
    if (p[0] == 0xED) high = 0x9F;
  } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
    length = 4;
    if (p[0] == 0xF0) low = 0x90;
    if (p[0] == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  for (size_t i = 1; i < length; i++) {
    if (i >= left || p[i] < low || p[i] > high) {
      *bad = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

static void escaped_ascii(FILE *out, unsigned char c) {
  switch (c) {
    case '"':
      fputs("\\\"", out);
      return;
    case '\\':
      fputs("\\\\", out);
      return;
    case '\n':
      fputs("\\n", out);
      return;
    case '\r':
      fputs("\\r", out);
      return;
    case '\t':
      fputs("\\t", out);
      return;
    default:
      if (c < 0x20 || c == 0x7F) {
        fprintf(out, "\\u%04x", (unsigned)c);
      } else {
        fputc(c, out);
      }
  }
}

void json_string(FILE *out, const unsigned char *bytes, size_t length) {
  fputc('"', out);
  for (size_t i = 0; i < length;) {
    size_t bad = 0;
    size_t good = sequence_length(bytes + i, length - i, &bad);
    if (good == 1) {
      escaped_ascii(out, bytes[i]);
      i += 1;
    } else if (good > 1) {
      fwrite(bytes + i, 1, good, out);
      i += good;
    } else {
      fputs("\xEF\xBF\xBD", out);
      i += bad;
    }
  }
  fputc('"', out);
}

void json_text(FILE *out, const char *text) { json_string(out, (const unsigned char *)text, strlen(text)); }
