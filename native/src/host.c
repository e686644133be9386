#include "host.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "json.h"
#include "platform.h"

void host_json(struct text *out) {
  struct utsname name;
  text_add(out, "{\"arch\":");
  json_text(out, uname(&name) == 0 ? name.machine : "");
  platform_host_facts(out);
  text_char(out, '}');
}

int random_uuid(char text[37]) {
  unsigned char bytes[16];
  size_t have = 0;
  int file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  while (have < sizeof bytes) {
    ssize_t got = read(file, bytes + have, sizeof bytes - have);
    if (got <= 0) break;
    have += (size_t)got;
  }
  close(file);
  if (have < sizeof bytes) return -1;
  bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
  bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
  char *to = text;
  for (size_t i = 0; i < sizeof bytes; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
    snprintf(to, 3, "%02x", (unsigned)bytes[i]);
    to += 2;
  }
  return 0;
}
