/*
 * Drives the fuzz target where there is no libFuzzer: SECONDS SEED FILES… It changes what the files hold at random, without
 * looking at what the target does with it. Weaker than libFuzzer, but the same everywhere, and repeatable by its seed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { MOST = 8192, MOST_FILES = 64 };

static unsigned long long state;

static unsigned next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)(state >> 32);
}

static unsigned below(unsigned bound) { return bound == 0 ? 0 : next() % bound; }

static struct {
  unsigned char bytes[MOST];
  size_t size;
} files[MOST_FILES];

static size_t mutate(unsigned char *data, size_t size) {
  static const char *const PIECES[] = {"\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\r", "\\u", "\\ud83d\\ude00", "\xEF\xBF\xBD", "\xF0\x9F", "\\u0000",
                                       "null", "true", "9007199254740992", "\"path\":", "\"id\":", "\"names\":[", "{\"v\":1,\"t\":\"", "\",\"src\":\"es\",\"n\":"};
  for (unsigned changes = 1 + below(8); changes > 0; changes--) {
    unsigned at = below((unsigned)size + 1);
    switch (below(5)) {
      case 0:
        if (at < size) data[at] = (unsigned char)next();
        break;
      case 1:
        if (at < size) data[at] ^= (unsigned char)(1u << below(8));
        break;
      case 2: {
        size_t gone = below((unsigned)(size - at) + 1);
        memmove(data + at, data + at + gone, size - at - gone);
        size -= gone;
        break;
      }
      case 3: {
        const char *piece = PIECES[below(sizeof PIECES / sizeof PIECES[0])];
        size_t length = strlen(piece);
        if (size + length > MOST) break;
        memmove(data + at + length, data + at, size - at);
        memcpy(data + at, piece, length);
        size += length;
        break;
      }
      default: {
        size_t length = below((unsigned)(size - at) + 1);
        if (size + length > MOST) break;
        memmove(data + at + length, data + at, size - at);
        size += length;
      }
    }
  }
  return size;
}

int main(int argc, char *argv[]) {
  static unsigned char data[MOST];
  size_t count = 0;
  unsigned long long runs = 0;
  if (argc < 4) return 64;
  time_t end = time(NULL) + atol(argv[1]);
  state = strtoull(argv[2], NULL, 10) | 1;
  for (int i = 3; i < argc && count < MOST_FILES; i++) {
    FILE *file = fopen(argv[i], "rb");
    if (file == NULL) return 66;
    files[count].size = fread(files[count].bytes, 1, MOST, file);
    fclose(file);
    count++;
  }
  do {
    for (int i = 0; i < 1000; i++, runs++) {
      unsigned which = below((unsigned)count);
      size_t size = files[which].size;
      memcpy(data, files[which].bytes, size);
      size = mutate(data, size);
      LLVMFuzzerTestOneInput(data, size);
      /* Some of what came out is changed further. */
      if (below(64) == 0) {
        memcpy(files[which].bytes, data, size);
        files[which].size = size;
      }
    }
  } while (time(NULL) < end);
  printf("%llu runs\n", runs);
  return 0;
}
