#include "request.h"

#include <string.h>

#include "json.h"

enum { MAX_DEPTH = 8, PROTOCOL = 1 };
#define MAX_INTEGER INT64_C(9007199254740991)

struct cursor {
  const unsigned char *at;
  const unsigned char *end;
};

static void skip_space(struct cursor *in) {
  while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == '\r' || *in->at == '\n')) in->at++;
}

static bool take(struct cursor *in, char wanted) {
  skip_space(in);
  if (in->at == in->end || *in->at != (unsigned char)wanted) return false;
  in->at++;
  return true;
}

static bool next_is(struct cursor *in, char wanted) {
  skip_space(in);
  return in->at < in->end && *in->at == (unsigned char)wanted;
}

static bool take_word(struct cursor *in, const char *word) {
  size_t length = strlen(word);
  skip_space(in);
  if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0) return false;
  in->at += length;
  return true;
}

static bool take_hex4(struct cursor *in, uint32_t *value) {
  *value = 0;
  if (in->end - in->at < 4) return false;
  for (int i = 0; i < 4; i++) {
    unsigned char c = *in->at++;
    uint32_t digit;
    if (c >= '0' && c <= '9') {
      digit = (uint32_t)(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = (uint32_t)(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = (uint32_t)(c - 'A' + 10);
    } else {
      return false;
    }
    *value = *value << 4 | digit;
  }
  return true;
}

/* What a string is decoded into. With `to` NULL it is only skipped. */
struct target {
  char *to;
  size_t room;
  size_t length;
};

static bool put(struct target *target, unsigned char byte) {
  if (target->to == NULL) return true;
  if (target->length == target->room) return false;
  target->to[target->length++] = (char)byte;
  return true;
}

static bool put_code(struct target *target, uint32_t code) {
  /* A NUL would end a path early. */
  if (code == 0) return target->to == NULL;
  if (code < 0x80) return put(target, (unsigned char)code);
  if (code < 0x800) return put(target, (unsigned char)(0xC0 | code >> 6)) && put(target, (unsigned char)(0x80 | (code & 0x3F)));
  if (code < 0x10000) {
    return put(target, (unsigned char)(0xE0 | code >> 12)) && put(target, (unsigned char)(0x80 | (code >> 6 & 0x3F))) &&
           put(target, (unsigned char)(0x80 | (code & 0x3F)));
  }
  return put(target, (unsigned char)(0xF0 | code >> 18)) && put(target, (unsigned char)(0x80 | (code >> 12 & 0x3F))) &&
         put(target, (unsigned char)(0x80 | (code >> 6 & 0x3F))) && put(target, (unsigned char)(0x80 | (code & 0x3F)));
}

static bool take_unicode(struct cursor *in, struct target *target) {
  uint32_t code;
  uint32_t low;
  if (!take_hex4(in, &code)) return false;
  if (code >= 0xDC00 && code <= 0xDFFF) return false;
  if (code >= 0xD800 && code <= 0xDBFF) {
    if (in->end - in->at < 6 || in->at[0] != '\\' || in->at[1] != 'u') return false;
    in->at += 2;
    if (!take_hex4(in, &low) || low < 0xDC00 || low > 0xDFFF) return false;
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  return put_code(target, code);
}

static bool take_escape(struct cursor *in, struct target *target) {
  static const char from[] = "\"\\/bfnrt";
  static const char into[] = "\"\\/\b\f\n\r\t";
  if (in->at == in->end) return false;
  unsigned char c = *in->at++;
  if (c == 'u') return take_unicode(in, target);
  const char *found = c == 0 ? NULL : strchr(from, c);
  return found != NULL && put(target, (unsigned char)into[found - from]);
}

static bool take_string(struct cursor *in, struct target *target) {
  if (!take(in, '"')) return false;
  while (in->at < in->end) {
    unsigned char c = *in->at;
    if (c == '"') {
      in->at++;
      return true;
    }
    if (c < 0x20) return false;
    if (c == '\\') {
      in->at++;
      if (!take_escape(in, target)) return false;
      continue;
    }
    size_t bad;
    size_t good = json_sequence(in->at, (size_t)(in->end - in->at), &bad);
    if (good == 0) return false;
    while (good-- > 0) {
      if (!put(target, *in->at++)) return false;
    }
  }
  return false;
}

/* `to` has room for one byte more than `room`, and must be empty: a key that comes twice is refused. */
static bool take_text(struct cursor *in, char *to, size_t room) {
  struct target target = {to, room, 0};
  if (to[0] != '\0' || !take_string(in, &target)) return false;
  to[target.length] = '\0';
  return true;
}

/* A whole number that is not negative; no fraction, no exponent. */
static bool take_integer(struct cursor *in, int64_t *number) {
  int64_t value = 0;
  skip_space(in);
  const unsigned char *from = in->at;
  while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
    value = value * 10 + (*in->at++ - '0');
    if (value > MAX_INTEGER) return false;
  }
  if (in->at == from || (*from == '0' && in->at - from > 1)) return false;
  if (in->at < in->end && (*in->at == '.' || *in->at == 'e' || *in->at == 'E')) return false;
  *number = value;
  return true;
}

static bool take_new_integer(struct cursor *in, int64_t *number) { return *number < 0 && take_integer(in, number); }

static bool skip_number(struct cursor *in) {
  skip_space(in);
  const unsigned char *from = in->at;
  while (in->at < in->end && *in->at != 0 && strchr("+-.0123456789eE", *in->at) != NULL) in->at++;
  return in->at > from;
}

/* Not strict about numbers: only what we use must be right, and the end of what we do not. */
static bool skip_value(struct cursor *in, int depth) {
  struct target nothing = {NULL, 0, 0};
  if (depth > MAX_DEPTH) return false;
  if (next_is(in, '"')) return take_string(in, &nothing);
  if (take(in, '{')) {
    if (take(in, '}')) return true;
    do {
      if (!take_string(in, &nothing) || !take(in, ':') || !skip_value(in, depth + 1)) return false;
    } while (take(in, ','));
    return take(in, '}');
  }
  if (take(in, '[')) {
    if (take(in, ']')) return true;
    do {
      if (!skip_value(in, depth + 1)) return false;
    } while (take(in, ','));
    return take(in, ']');
  }
  return take_word(in, "true") || take_word(in, "false") || take_word(in, "null") || skip_number(in);
}

static bool take_id(struct cursor *in, struct request_id *id) {
  if (id->kind != ID_NONE) return false;
  if (next_is(in, '"')) {
    if (!take_text(in, id->text, REQUEST_NAME) || id->text[0] == '\0') return false;
    id->kind = ID_TEXT;
    return true;
  }
  if (!take_integer(in, &id->number)) return false;
  id->kind = ID_NUMBER;
  return true;
}

static bool take_names(struct cursor *in, struct request_names *names) {
  if (names->given || !take(in, '[')) return false;
  names->given = true;
  if (take(in, ']')) return true;
  do {
    if (names->count == REQUEST_NAMES || !take_text(in, names->name[names->count], REQUEST_NAME)) return false;
    names->count++;
  } while (take(in, ','));
  return take(in, ']');
}

static bool take_versions(struct cursor *in, bool *knows_us) {
  int64_t version;
  *knows_us = false;
  if (!take(in, '[')) return false;
  if (take(in, ']')) return true;
  do {
    if (!take_integer(in, &version)) return false;
    if (version == PROTOCOL) *knows_us = true;
  } while (take(in, ','));
  return take(in, ']');
}

static bool take_bool(struct cursor *in, bool *value) {
  *value = take_word(in, "true");
  return *value || take_word(in, "false");
}

static bool take_value(struct cursor *in, const char *key, struct request *request) {
  if (strcmp(key, "v") == 0) return take_new_integer(in, &request->version);
  if (strcmp(key, "r") == 0) return take_text(in, request->r, REQUEST_NAME);
  if (strcmp(key, "id") == 0) return take_id(in, &request->id);
  if (strcmp(key, "path") == 0) return take_text(in, request->path, REQUEST_TEXT);
  if (strcmp(key, "time") == 0) return take_text(in, request->time, REQUEST_NAME);
  if (strcmp(key, "src") == 0) return take_text(in, request->source, REQUEST_NAME);
  if (strcmp(key, "pid") == 0) return take_new_integer(in, &request->pid);
  if (strcmp(key, "pidversion") == 0) return take_new_integer(in, &request->pidversion);
  if (strcmp(key, "mark") == 0) return take_new_integer(in, &request->mark);
  if (strcmp(key, "seq") == 0) return take_new_integer(in, &request->seq);
  if (strcmp(key, "journal") == 0) return take_text(in, request->journal, REQUEST_NAME);
  if (strcmp(key, "hash") == 0) return take_text(in, request->hash, REQUEST_NAME);
  if (strcmp(key, "assess") == 0) return take_bool(in, &request->assess);
  if (strcmp(key, "protocol") == 0) return take_versions(in, &request->knows_us);
  if (strcmp(key, "names") == 0) return take_names(in, &request->names);
  if (strcmp(key, "want") == 0) return take_names(in, &request->want);
  return skip_value(in, 0);
}

static bool take_member(struct cursor *in, struct request *request) {
  char key[REQUEST_NAME + 1] = "";
  struct cursor before = *in;
  struct target target = {key, REQUEST_NAME, 0};
  if (take_string(in, &target)) {
    key[target.length] = '\0';
  } else {
    /* A key that is too long for us is not one of ours. */
    struct target nothing = {NULL, 0, 0};
    *in = before;
    key[0] = '\0';
    if (!take_string(in, &nothing)) return false;
  }
  if (!take(in, ':')) return false;
  /* A key that may be left out may also be null. */
  if (strcmp(key, "r") != 0 && take_word(in, "null")) return true;
  return take_value(in, key, request);
}

bool request_parse(const char *bytes, size_t length, struct request *request) {
  struct cursor in = {(const unsigned char *)bytes, (const unsigned char *)bytes + length};
  memset(request, 0, sizeof *request);
  request->version = request->pid = request->pidversion = request->mark = request->seq = -1;
  request->knows_us = true;
  if (!take(&in, '{')) return false;
  if (!take(&in, '}')) {
    do {
      if (!take_member(&in, request)) return false;
    } while (take(&in, ','));
    if (!take(&in, '}')) return false;
  }
  skip_space(&in);
  return in.at == in.end && request->r[0] != '\0' && (request->version == PROTOCOL || request->version < 0);
}

void request_id_json(struct text *out, const struct request_id *id) {
  if (id->kind == ID_TEXT) {
    json_text(out, id->text);
  } else if (id->kind == ID_NUMBER) {
    text_number(out, id->number);
  } else {
    text_add(out, "null");
  }
}
