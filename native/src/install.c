#include "install.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform.h"
#include "program.h"

#define LABEL "app.sealbar.helper"
#define TOOLS AT("/Library/PrivilegedHelperTools")
#define TOOL TOOLS "/" LABEL
#define DAEMONS AT("/Library/LaunchDaemons")
#define PLIST DAEMONS "/" LABEL ".plist"
#define LAUNCHCTL AT("/bin/launchctl")

enum { EXIT_DONE = 0, EXIT_OURS = 70, EXIT_NOT_PERMITTED = 77 };

static const char PLIST_TEXT[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
    "<plist version=\"1.0\">\n"
    "<dict>\n"
    "  <key>Label</key><string>" LABEL "</string>\n"
    "  <key>ProgramArguments</key>\n"
    "  <array><string>" TOOL "</string><string>--daemon</string></array>\n"
    "  <key>RunAtLoad</key><true/>\n"
    "  <key>KeepAlive</key><true/>\n"
    "  <key>ThrottleInterval</key><integer>10</integer>\n"
    "  <key>ProcessType</key><string>Background</string>\n"
    "</dict>\n"
    "</plist>\n";

static int refuse(const char *sentence) {
  fprintf(stderr, "sealbar-helper: %s\n", sentence);
  return EXIT_NOT_PERMITTED;
}

/* Whoever can write to it, or to a folder above it, could put another program there that root then runs. */
static bool safely_owned(const char *folder) {
  char path[1024];
  struct stat info;
  size_t prefix = strlen(SEALBAR_PREFIX);
  if (strlen(folder) >= sizeof path) return false;
  for (const char *end = folder + prefix + 1;; end++) {
    if (*end != '/' && *end != '\0') continue;
    size_t length = (size_t)(end - folder);
    memcpy(path, folder, length);
    path[length] = '\0';
    if (lstat(path, &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != platform_owner() || (info.st_mode & 022) != 0) return false;
    if (*end == '\0') return true;
  }
}

static bool make_folder(const char *folder) {
  if (mkdir(folder, 0755) != 0 && errno != EEXIST) return false;
  return safely_owned(folder);
}

static bool write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t put = write(fd, bytes, length);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes += put;
    length -= (size_t)put;
  }
  return true;
}

static bool copy_bytes(int from, int to) {
  static char chunk[65536];
  for (;;) {
    ssize_t got = read(from, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    if (!write_all(to, chunk, (size_t)got)) return false;
  }
}

/* Into a new file that takes the place of the old one at once; `from` negative: `text` instead. */
static bool put_file(const char *path, mode_t mode, int from, const char *text) {
  char next[1024];
  snprintf(next, sizeof next, "%s.new", path);
  if (unlink(next) != 0 && errno != ENOENT) return false;
  int fd = open(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd < 0) return false;
  bool good = from >= 0 ? copy_bytes(from, fd) : write_all(fd, text, strlen(text));
  /* Its owner and group, whatever those of the folder are, and not what the umask left. */
  good = good && fchown(fd, platform_owner(), getegid()) == 0 && fchmod(fd, mode) == 0 && fsync(fd) == 0;
  if (close(fd) != 0) good = false;
  if (good && rename(next, path) == 0) return true;
  unlink(next);
  return false;
}

static int launchctl(const char *const argv[]) {
  int status = 0;
  pid_t pid = fork();
  if (pid == 0) {
    static char *const environment[] = {"PATH=/usr/bin:/bin:/usr/sbin:/sbin", NULL};
    execve(argv[0], (char *const *)(uintptr_t)argv, environment);
    _exit(127);
  }
  if (pid < 0) return -1;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void bootout(void) { launchctl(COMMAND(LAUNCHCTL, "bootout", "system/" LABEL)); }

int install_daemon(void) {
  char self[4096];
  if (!platform_is_privileged()) return refuse("installing the full tier needs root. Run it with sudo.");
  if (!platform_self_path(self, sizeof self)) return refuse("this program does not find itself.");
  if (!make_folder(TOOLS)) {
    return refuse(TOOLS " is not a folder of root's alone, so nothing that root runs may be put there.");
  }
  if (!safely_owned(DAEMONS)) return refuse(DAEMONS " is not a folder of root's alone, so nothing may be put there.");
  int from = open(self, O_RDONLY | O_CLOEXEC);
  if (from < 0) return refuse("this program cannot read itself.");
  bool good = put_file(TOOL, 0755, from, NULL);
  close(from);
  if (!good || !put_file(PLIST, 0644, -1, PLIST_TEXT)) {
    fprintf(stderr, "sealbar-helper: the files could not be written: %s.\n", strerror(errno));
    return EXIT_OURS;
  }
  /* An older one, if there is one; that there is none is no failure. */
  bootout();
  if (launchctl(COMMAND(LAUNCHCTL, "bootstrap", "system", PLIST)) != 0) {
    fprintf(stderr, "sealbar-helper: launchd did not take " PLIST "; it will be tried again at the next boot.\n");
    return EXIT_OURS;
  }
  printf("The full tier is installed: " TOOL "\nTo see every program that starts it also needs Full Disk Access:\n"
         "System Settings > Privacy & Security > Full Disk Access. `sealbar doctor` says whether it has it.\n"
         "To take it back: sudo " TOOL " uninstall\n");
  return EXIT_DONE;
}

int uninstall_daemon(void) {
  if (!platform_is_privileged()) return refuse("removing the full tier needs root. Run it with sudo.");
  bootout();
  bool gone = (unlink(PLIST) == 0 || errno == ENOENT) && (unlink(TOOL) == 0 || errno == ENOENT);
  if (!gone) {
    fprintf(stderr, "sealbar-helper: not everything could be removed: %s.\n", strerror(errno));
    return EXIT_OURS;
  }
  printf("The full tier is removed. What it had not handed over yet stays in /var/db/sealbar until it is deleted.\n");
  return EXIT_DONE;
}
