#include "host.h"

#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "clock.h"
#include "json.h"

#ifdef __APPLE__
#include <sys/sysctl.h>
#include <sys/time.h>
#endif

static void fact(FILE *out, int *count, const char *name, const char *value) {
  if (value[0] == '\0') return;
  if ((*count)++ > 0) fputc(',', out);
  json_text(out, name);
  fputc(':', out);
  json_text(out, value);
}

#ifdef __APPLE__

#define FACT_SIZE 256

static void sysctl_fact(FILE *out, int *count, const char *name, const char *variable) {
  char value[FACT_SIZE];
  size_t size = sizeof value - 1;
  if (sysctlbyname(variable, value, &size, NULL, 0) != 0) return;
  value[size] = '\0';
  fact(out, count, name, value);
}

static void boot_time_fact(FILE *out, int *count) {
  struct timeval boot;
  size_t size = sizeof boot;
  char text[TIME_TEXT_SIZE];
  if (sysctlbyname("kern.boottime", &boot, &size, NULL, 0) != 0 || size != sizeof boot) return;
  time_text((struct timespec){.tv_sec = boot.tv_sec, .tv_nsec = (long)boot.tv_usec * 1000}, text);
  fact(out, count, "bootTime", text);
}

static void system_facts(FILE *out, int *count) {
  sysctl_fact(out, count, "os", "kern.osproductversion");
  sysctl_fact(out, count, "build", "kern.osversion");
  sysctl_fact(out, count, "model", "hw.model");
  sysctl_fact(out, count, "bootUUID", "kern.bootsessionuuid");
  boot_time_fact(out, count);
}

#else

/* Elsewhere the helper only runs in tests; a foreign version number would look like one of macOS. */
static void system_facts(FILE *out, int *count) {
  (void)out;
  (void)count;
}

#endif

void host_json(FILE *out) {
  int count = 0;
  struct utsname name;
  fputc('{', out);
  if (uname(&name) == 0) fact(out, &count, "arch", name.machine);
  system_facts(out, &count);
  fputc('}', out);
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
