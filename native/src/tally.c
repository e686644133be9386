#include "tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_SIZE = 160 };

static void count(struct tally *tally, enum source source, uint64_t n) {
  tally->records++;
  tally->of[source].count++;
  if (n == 0) return;
  if (tally->of[source].from == 0) tally->of[source].from = n;
  tally->of[source].to = n;
}

static void tally_line(struct tally *tally, const char *line, size_t length) {
  char head[HEAD_SIZE];
  char type[16];
  char name[16];
  uint64_t n = 0;
  size_t kept = length < sizeof head - 1 ? length : sizeof head - 1;
  memcpy(head, line, kept);
  head[kept] = '\0';
  if (sscanf(head, "{\"v\":1,\"t\":\"%15[a-z]\"", type) != 1) return;
  if (strcmp(type, "probe") == 0) {
    count(tally, SOURCE_PROBE, 0);
    return;
  }
  if (sscanf(head, "{\"v\":1,\"t\":\"%15[a-z]\",\"src\":\"%15[a-z]\"", type, name) != 2) return;
  enum source source = source_named(name);
  if (source == SOURCE_COUNT) return;
  if (strcmp(type, "gap") == 0) {
    if (strstr(head, "\"why\":\"unreadable\"") != NULL &&
        sscanf(head, "{\"v\":1,\"t\":\"gap\",\"src\":\"%*[a-z]\",\"from\":%" SCNu64, &n) == 1) {
      count(tally, source, n);
    } else {
      tally->records++;
      tally->of[source].unknown = true;
    }
    return;
  }
  if (sscanf(head, "{\"v\":1,\"t\":\"%*[a-z]\",\"src\":\"%*[a-z]\",\"n\":%" SCNu64, &n) == 1) count(tally, source, n);
}

void tally_lines(struct tally *tally, const char *lines, size_t length) {
  while (length > 0) {
    const char *newline = memchr(lines, '\n', length);
    size_t piece = newline == NULL ? length : (size_t)(newline - lines) + 1;
    tally_line(tally, lines, piece);
    lines += piece;
    length -= piece;
  }
}

static void add_gap(struct text *lines, const struct gap *gap) {
  frame_gap(lines, gap);
  frame_end(lines);
}

void tally_gaps(const struct tally *tally, struct text *lines) {
  for (int i = 0; i < SOURCE_COUNT; i++) {
    enum source source = (enum source)i;
    if (tally->of[i].count > 0) {
      struct gap gap = {source, tally->of[i].from, tally->of[i].to, tally->of[i].count, "helper-overflow"};
      add_gap(lines, &gap);
    }
    if (tally->of[i].unknown) {
      struct gap gap = {source, 0, 0, -1, "source-dropped"};
      add_gap(lines, &gap);
    }
  }
}
