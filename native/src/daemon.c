#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "anchor.h"
#include "client.h"
#include "loop.h"
#include "platform.h"
#include "program.h"
#include "spool.h"

#define SOCKET_FOLDER AT("/var/run/sealbar")
#define SOCKET_PATH AT("/var/run/sealbar/helper.sock")
#define SPOOL_FOLDER AT("/var/db/sealbar")
#define LOCK_PATH AT("/var/db/sealbar/lock")

#ifndef SEALBAR_SPOOL_BYTES
#define SEALBAR_SPOOL_BYTES (UINT64_C(64) * 1024 * 1024)
#endif
enum { SEGMENTS = 16, BACKLOG = 8 };

static int listener = -1;

static void on_connection(void *self, short events) {
  struct peer peer;
  (void)self;
  (void)events;
  int fd = accept(listener, NULL, NULL);
  if (fd < 0) return;
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  /* Too many, or nobody knows who: no place. */
  if (!platform_peer(fd, &peer) || !client_open_connection(fd, &peer)) close(fd);
}

/* Nobody else may put another socket there. */
static bool folder_is_ours(const char *path) {
  struct stat info;
  if (mkdir(path, 0755) != 0 && errno != EEXIST) return false;
  return lstat(path, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == platform_owner() && (info.st_mode & 022) == 0;
}

static bool remove_old_socket(void) {
  struct stat info;
  if (lstat(SOCKET_PATH, &info) != 0) return errno == ENOENT;
  return S_ISSOCK(info.st_mode) && unlink(SOCKET_PATH) == 0;
}

static bool listen_there(void) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (sizeof SOCKET_PATH > sizeof address.sun_path) return false;
  memcpy(address.sun_path, SOCKET_PATH, sizeof SOCKET_PATH);
  listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (listener < 0) return false;
  fcntl(listener, F_SETFD, FD_CLOEXEC);
  fcntl(listener, F_SETFL, O_NONBLOCK);
  if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0) return false;
  /* Anyone may knock; who it is decides. */
  return chmod(SOCKET_PATH, 0666) == 0 && listen(listener, BACKLOG) == 0;
}

/* Held until we end; two daemons would share a spool. */
static bool lock(void) {
  int fd = open(LOCK_PATH, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

bool daemon_open(const char **why) {
  struct spool_limits limits = {SEALBAR_SPOOL_BYTES, SEALBAR_SPOOL_BYTES / SEGMENTS};
  umask(022);
  if (!spool_open(SPOOL_FOLDER, &limits, why)) return false;
  if (!lock()) {
    *why = "another daemon is running";
    return false;
  }
  anchor_open(SPOOL_FOLDER);
  if (!folder_is_ours(SOCKET_FOLDER)) {
    *why = "the socket's folder belongs to or can be written by somebody else";
    return false;
  }
  if (!remove_old_socket() || !listen_there()) {
    *why = "the socket cannot be opened";
    return false;
  }
  loop_watch(listener, POLLIN, on_connection, NULL);
  return true;
}

void daemon_close(void) {
  if (listener < 0) return;
  loop_forget(listener);
  close(listener);
  unlink(SOCKET_PATH);
  listener = -1;
}
