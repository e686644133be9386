#include "guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_GROUPS = 128, LAST_FD = 255, EXIT_OURS = 70 };

struct order {
  int add;
  pid_t group;
};

static pid_t guardian = 0;
static int orders = -1;

/* What the guardian knows; we keep the same list, for its successor. */
static pid_t groups[MAX_GROUPS];

static void note(struct order order) {
  size_t place = MAX_GROUPS;
  for (size_t i = 0; i < MAX_GROUPS; i++) {
    if (groups[i] == order.group) {
      place = i;
      break;
    }
    if (groups[i] == 0 && place == MAX_GROUPS) place = i;
  }
  if (place < MAX_GROUPS) groups[place] = order.add ? order.group : 0;
}

static void watch_over(int from) {
  struct order order;
  signal(SIGTERM, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  setsid();
  if (chdir("/") != 0) _exit(EXIT_OURS);
  /* Whoever waits for the end of our output must not wait for the guardian's. */
  for (int fd = 0; fd <= LAST_FD; fd++) {
    if (fd != from) close(fd);
  }
  for (;;) {
    ssize_t got = read(from, &order, sizeof order);
    if (got == (ssize_t)sizeof order) {
      note(order);
    } else if (got >= 0 || errno != EINTR) {
      break;
    }
  }
  for (size_t i = 0; i < MAX_GROUPS; i++) {
    if (groups[i] > 1) kill(-groups[i], SIGKILL);
  }
  _exit(0);
}

void guardian_start(void) {
  int ends[2];
  if (pipe(ends) != 0) _exit(EXIT_OURS);
  guardian = fork();
  if (guardian < 0) _exit(EXIT_OURS);
  if (guardian == 0) watch_over(ends[0]);
  close(ends[0]);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  orders = ends[1];
}

static void tell(struct order order) {
  if (orders < 0) return;
  /* Smaller than a pipe takes at once, so it is whole or not at all; a guardian that died is replaced, and told all. */
  while (write(orders, &order, sizeof order) < 0 && errno == EINTR) continue;
}

void guardian_keep(pid_t group) {
  struct order order = {1, group};
  note(order);
  tell(order);
}

void guardian_forget(pid_t group) {
  struct order order = {0, group};
  note(order);
  tell(order);
}

bool guardian_ended(void) {
  if (guardian <= 0 || waitpid(guardian, NULL, WNOHANG) != guardian) return false;
  close(orders);
  guardian_start();
  return true;
}

int guardian_pipe(void) { return orders; }
