#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "client.h"
#include "daemon.h"
#include "guardian.h"
#include "hub.h"
#include "inspect.h"
#include "install.h"
#include "loop.h"
#include "platform.h"
#include "prober.h"
#include "program.h"
#include "sources.h"
#include "spool.h"

#ifndef SEALBAR_VERSION
#define SEALBAR_VERSION "0.0.0"
#endif

enum { EXIT_DONE = 0, EXIT_USAGE = 64, EXIT_OURS = 70, EXIT_NOT_PERMITTED = 77 };

enum { STANDARD_SNAPSHOT_MS = MS(2000), FULL_SNAPSHOT_MS = MS(30000), WATCH_PARENT_MS = MS(2000) };

static const char USAGE[] =
    "usage: sealbar-helper --once | --standard [--sources=LIST] | --daemon | install | uninstall | --version | --help\n"
    "\n"
    "  --once      say hello, read every setting that seals depend on once, and say goodbye:\n"
    "              protocol v1 on standard output, one JSON object a line\n"
    "  --standard  collect until standard input ends; LIST is some of es,log,proc,probe\n"
    "  --daemon    the full tier, as launchd starts it; needs root\n"
    "  install     put the full tier in place for every boot; needs root\n"
    "  uninstall   take it away again; needs root\n"
    "  --version   print the version\n"
    "  --help      print this\n"
    "\n"
    "It runs only the programs of its fixed list and takes no command from anyone.\n";

static int exit_code = EXIT_DONE;
static int signal_pipe[2] = {-1, -1};

static void on_signal(int number) {
  int before = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t ignored = write(signal_pipe[1], &byte, 1);
  (void)ignored;
  errno = before;
}

static void on_signal_read(void *self, short events) {
  unsigned char number;
  (void)self;
  (void)events;
  if (read(signal_pipe[0], &number, 1) != 1) return;
  exit_code = 128 + number;
  loop_stop();
}

static bool handle_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  if (pipe(signal_pipe) != 0) return false;
  for (int i = 0; i < 2; i++) {
    fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
    fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
  }
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  /* A reader that went away shows as a failed write. */
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, NULL);
  loop_watch(signal_pipe[0], POLLIN, on_signal_read, NULL);
  return true;
}

/* Started without one of the standard streams, a pipe of ours would take its number. */
static void occupy_standard_streams(void) {
  int fd;
  do {
    fd = open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

static bool prepare(void) {
  /* First: it copies what we are now, which is nothing. */
  guardian_start();
  if (!handle_signals()) return false;
  children_init();
  return true;
}

static int finish(void) {
  sources_end();
  inspect_stop();
  return exit_code;
}

/* --once: nobody can stall it but the reader of its output, so it writes at once and waits. */
static void write_frame(struct frame *frame) {
  const char *bytes = frame->text.bytes;
  for (size_t left = frame->text.length; left > 0;) {
    ssize_t put = write(STDOUT_FILENO, bytes, left);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      exit_code = EXIT_OURS;
      loop_stop();
      return;
    }
    bytes += put;
    left -= (size_t)put;
  }
}

static void on_all_read(void *self) {
  struct text text = {NULL, 0, 0};
  (void)self;
  frame_begin(&text, "bye");
  frame_at(&text);
  frame_end(&text);
  hub_say(&text, FRAME_CONTROL, SOURCE_PROBE);
  loop_stop();
}

static void start_once(void *self) {
  static const struct request_names all = {0};
  prober_ask(&all, on_all_read, self);
}

static int once(void) {
  static const enum source OTHERS[] = {SOURCE_ES, SOURCE_LOG, SOURCE_FS, SOURCE_PROC};
  static struct timer start;
  if (!prepare() || !hub_init("once", COLLECTED_SOURCES | SOURCE_BIT(SOURCE_FS), write_frame)) return EXIT_OURS;
  prober_init(1);
  write_frame(hub_hello());
  for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++) {
    hub_status(OTHERS[i], "stopped", "not-built-in", "--once reads settings only");
  }
  hub_status(SOURCE_PROBE, "running", NULL, NULL);
  /* From inside the loop, so that what stops it stops it. */
  timer_in(&start, 0, start_once, &start);
  if (exit_code == EXIT_DONE) loop_run();
  return finish();
}

static void on_parent_gone(bool by_wish) {
  if (!by_wish) exit_code = EXIT_OURS;
  loop_stop();
}

/* Its end closes our standard input, unless somebody else holds that open. */
static void watch_parent(void *self) {
  static struct timer again;
  static pid_t parent = 0;
  (void)self;
  if (parent == 0) parent = getppid();
  if (getppid() != parent) {
    loop_stop();
    return;
  }
  timer_in(&again, WATCH_PARENT_MS, watch_parent, NULL);
}

static int standard(unsigned wanted) {
  struct client_rules rules = {false, on_parent_gone};
  /* What is started must not keep a folder from being unmounted. */
  if (!prepare() || chdir("/") != 0 || !hub_init("standard", COLLECTED_SOURCES, clients_say)) return EXIT_OURS;
  clients_init(&rules);
  prober_init(3);
  sources_init(STANDARD_SNAPSHOT_MS);
  loop_before_wait(clients_flush);
  if (!client_open_stream(STDIN_FILENO, STDOUT_FILENO)) return EXIT_OURS;
  watch_parent(NULL);
  sleep_watch_start();
  sources_want(wanted);
  loop_run();
  sources_end();
  clients_bye();
  return finish();
}

static void on_client_gone(bool by_wish) { (void)by_wish; }

static int daemon_main(void) {
  struct client_rules rules = {true, on_client_gone};
  const char *why = NULL;
  if (!platform_is_privileged()) {
    fputs("sealbar-helper: the daemon of the full tier needs root.\n", stderr);
    return EXIT_NOT_PERMITTED;
  }
  if (!prepare() || chdir("/") != 0 || !hub_init("full", COLLECTED_SOURCES, clients_say)) return EXIT_OURS;
  if (!daemon_open(&why)) {
    fprintf(stderr, "sealbar-helper: %s.\n", why);
    return EXIT_NOT_PERMITTED;
  }
  clients_init(&rules);
  prober_init(3);
  sources_init(FULL_SNAPSHOT_MS);
  loop_before_wait(clients_flush);
  sleep_watch_start();
  sources_want(COLLECTED_SOURCES);
  loop_run();
  sources_end();
  daemon_close();
  clients_bye();
  spool_flush();
  return finish();
}

/* es,log,… Returns 0 when a name is none. */
static unsigned sources_of(const char *list) {
  unsigned wanted = 0;
  char name[8];
  while (*list != '\0') {
    size_t length = strcspn(list, ",");
    if (length == 0 || length >= sizeof name) return 0;
    memcpy(name, list, length);
    name[length] = '\0';
    enum source source = source_named(name);
    if (source == SOURCE_COUNT || (SOURCE_BIT(source) & COLLECTED_SOURCES) == 0) return 0;
    wanted |= SOURCE_BIT(source);
    list += length;
    if (*list == ',') list++;
  }
  return wanted;
}

static int print(const char *text) { return fputs(text, stdout) >= 0 && fflush(stdout) == 0 ? EXIT_DONE : EXIT_OURS; }

static int usage(void) {
  fputs(USAGE, stderr);
  return EXIT_USAGE;
}

int main(int argc, char *argv[]) {
  static const char SOURCES[] = "--sources=";
  occupy_standard_streams();
  if (argc < 2 || argc > 3) return usage();
  const char *what = argv[1];
  if (strcmp(what, "--standard") == 0) {
    unsigned wanted = COLLECTED_SOURCES;
    if (argc == 3) wanted = strncmp(argv[2], SOURCES, sizeof SOURCES - 1) == 0 ? sources_of(argv[2] + sizeof SOURCES - 1) : 0;
    return wanted == 0 ? usage() : standard(wanted);
  }
  if (argc != 2) return usage();
  if (strcmp(what, "--version") == 0) return print("sealbar-helper " SEALBAR_VERSION "\n");
  if (strcmp(what, "--help") == 0) return print(USAGE);
  if (strcmp(what, "--once") == 0) return once();
  if (strcmp(what, "--daemon") == 0) return daemon_main();
  if (strcmp(what, "install") == 0) return install_daemon();
  if (strcmp(what, "uninstall") == 0) return uninstall_daemon();
  return usage();
}
