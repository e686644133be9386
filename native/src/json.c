#include "json.h"

#include <stdio.h>
#include <string.h>

/* U+FFFD. */
static const char REPLACEMENT[] = "\xEF\xBF\xBD";

/* Ranges: Unicode Standard, table 3-7. */
size_t json_sequence(const unsigned char *p, size_t left, size_t *bad) {
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

static void escaped_ascii(struct text *out, unsigned char c) {
  char code[8];
  switch (c) {
    case '"':
      text_add(out, "\\\"");
      return;
    case '\\':
      text_add(out, "\\\\");
      return;
    case '\n':
      text_add(out, "\\n");
      return;
    case '\r':
      text_add(out, "\\r");
      return;
    case '\t':
      text_add(out, "\\t");
      return;
    default:
      snprintf(code, sizeof code, "\\u%04x", (unsigned)c);
      text_add(out, code);
  }
}

static bool is_plain(unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

void json_string(struct text *out, const void *content, size_t length) {
  const unsigned char *bytes = content;
  text_char(out, '"');
  for (size_t i = 0; i < length;) {
    size_t plain = i;
    while (plain < length && is_plain(bytes[plain])) plain++;
    text_bytes(out, bytes + i, plain - i);
    i = plain;
    if (i == length) break;
    size_t bad = 0;
    size_t good = json_sequence(bytes + i, length - i, &bad);
    if (good == 1) {
      escaped_ascii(out, bytes[i]);
    } else if (good > 1) {
      text_bytes(out, bytes + i, good);
    } else {
      text_add(out, REPLACEMENT);
    }
    i += good > 0 ? good : bad;
  }
  text_char(out, '"');
}

void json_text(struct text *out, const char *string) { json_string(out, string, strlen(string)); }

void json_copy(struct text *out, const void *content, size_t length) {
  const unsigned char *bytes = content;
  size_t from = 0;
  text_reserve(out, length);
  for (size_t i = 0; i < length;) {
    if (bytes[i] < 0x80) {
      i++;
      continue;
    }
    size_t bad = 0;
    size_t good = json_sequence(bytes + i, length - i, &bad);
    if (good > 0) {
      i += good;
      continue;
    }
    text_bytes(out, bytes + from, i - from);
    text_add(out, REPLACEMENT);
    i += bad;
    from = i;
  }
  text_bytes(out, bytes + from, length - from);
}

bool json_is_object(const char *bytes, size_t length) {
  size_t depth = 0;
  bool in_string = false;
  if (length == 0 || bytes[0] != '{') return false;
  for (size_t i = 0; i < length; i++) {
    char c = bytes[i];
    if (in_string) {
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      depth++;
    } else if (c == '}' || c == ']') {
      depth--;
      if (depth == 0) return i + 1 == length;
    }
  }
  return false;
}
