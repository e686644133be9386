#include "es.h"

#include <string.h>

#include "hub.h"
#include "job.h"
#include "platform.h"
#include "program.h"

#define ESLOGGER AT("/usr/bin/eslogger")

/*
 * What the behaviours need and a Mac can bear: `open`, `close`, `write`, `unlink` and `stat` come by the thousand a second
 * and are left out.
 */
static const char *const WANTED[] = {
    "exec", "fork", "exit", "setextattr", "deleteextattr", "setmode", "rename", "cs_invalidated", "gatekeeper_user_override",
    "xp_malware_detected", "xp_malware_remediated", "btm_launch_item_add", "btm_launch_item_remove", "profile_add",
    "profile_remove", "tcc_modify", "mount", "unmount", "remote_thread_create", "get_task", "trace", "signal", "kextload",
    "sudo", "create", "link", "copyfile", "setacl", "setflags",
};
enum { WANTED_COUNT = sizeof WANTED / sizeof WANTED[0], MAX_LIST = 64 * 1024 };

static struct job list;
static const char *command[WANTED_COUNT + 2];

/* Whether the text has this name, standing alone: nothing else is known about how the list is laid out. */
static bool names(const struct text *text, const char *name) {
  static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
  size_t length = strlen(name);
  for (size_t i = 0; i < text->length;) {
    size_t from = i;
    while (i < text->length && text->bytes[i] != '\0' && strchr(LETTERS, text->bytes[i]) != NULL) i++;
    if (i - from == length && memcmp(text->bytes + from, name, length) == 0) return true;
    if (i == from) i++;
  }
  return false;
}

/* One unknown name makes eslogger refuse them all; without a list, those that every macOS 13 has. */
static void on_list(void *self, struct job *job) {
  struct feed *feed = self;
  bool useful = names(&job->out.text, "exec");
  size_t count = 0;
  command[count++] = ESLOGGER;
  for (size_t i = 0; i < WANTED_COUNT; i++) {
    if (useful ? names(&job->out.text, WANTED[i]) : i < 3) command[count++] = WANTED[i];
  }
  command[count] = NULL;
  job_clear(job);
  feed_run(feed, command);
}

static void begin(struct feed *feed) {
  if (!platform_is_privileged()) {
    /* That will not change while we run, so nothing is tried again. */
    hub_status(SOURCE_ES, "denied", "not-root", "eslogger needs root: the full tier has it");
    return;
  }
  struct job_limits limits = {MS(5000), MAX_LIST};
  job_start(&list, COMMAND(ESLOGGER, "--list-events"), NULL, limits, on_list, feed);
}

static void cancel(struct feed *feed) {
  (void)feed;
  job_stop(&list);
}

static const char *denial(const char *text) {
  if (strstr(text, "NOT_PERMITTED") != NULL || strstr(text, "Full Disk Access") != NULL) return "full-disk-access";
  if (strstr(text, "NOT_PRIVILEGED") != NULL || strstr(text, "superuser") != NULL) return "not-root";
  return NULL;
}

struct feed *es_feed(void) {
  static struct feed feed = {.source = SOURCE_ES, .begin = begin, .cancel = cancel, .denial = denial};
  return &feed;
}
