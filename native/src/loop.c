#include "loop.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include "clock.h"
#include "text.h"

/* 8 clients, 2 pipes for each of the few programs that run at once, and what is ours. */
enum { MAX_WATCHED = 128, EXIT_OURS = 70 };

static struct pollfd polled[MAX_WATCHED];
static struct {
  ready_fn *fn;
  void *self;
} handlers[MAX_WATCHED];
static size_t watched = 0;
static struct timer *timers = NULL;
static void (*before_wait)(void) = NULL;
static bool running = false;

static size_t place_of(int fd) {
  size_t i = 0;
  while (i < watched && polled[i].fd != fd) i++;
  return i;
}

void loop_watch(int fd, short events, ready_fn *fn, void *self) {
  /* Bounds elsewhere keep this from happening. */
  if (watched == MAX_WATCHED) exit(EXIT_OURS);
  polled[watched] = (struct pollfd){.fd = fd, .events = events};
  handlers[watched].fn = fn;
  handlers[watched].self = self;
  watched++;
}

void loop_events(int fd, short events) {
  size_t i = place_of(fd);
  if (i < watched) polled[i].events = events;
}

void loop_forget(int fd) {
  size_t i = place_of(fd);
  if (i < watched) polled[i].fd = -1;
}

void timer_in(struct timer *timer, int64_t ms, timer_fn *fn, void *self) {
  timer_stop(timer);
  *timer = (struct timer){.at = awake_ms() + ms, .fn = fn, .self = self, .set = true, .next = timers};
  timers = timer;
}

void timer_stop(struct timer *timer) {
  if (!timer->set) return;
  timer->set = false;
  for (struct timer **at = &timers; *at != NULL; at = &(*at)->next) {
    if (*at != timer) continue;
    *at = timer->next;
    return;
  }
}

void loop_before_wait(void (*fn)(void)) { before_wait = fn; }

static struct timer *due(int64_t now) {
  for (struct timer *timer = timers; timer != NULL; timer = timer->next) {
    if (timer->at <= now) return timer;
  }
  return NULL;
}

/* A timer that sets itself again to "now" waits for the next round, so descriptors are always served between. */
static void fire(void) {
  int64_t now = awake_ms();
  size_t most = 64;
  for (struct timer *timer = due(now); timer != NULL && most > 0; timer = due(now), most--) {
    timer_stop(timer);
    timer->fn(timer->self);
  }
}

static int until_next(void) {
  int64_t now = awake_ms();
  int64_t wait = INT_MAX;
  for (struct timer *timer = timers; timer != NULL; timer = timer->next) {
    int64_t left = timer->at > now ? timer->at - now : 0;
    if (left < wait) wait = left;
  }
  return timers == NULL ? -1 : (int)wait;
}

static void forget_closed(void) {
  size_t kept = 0;
  for (size_t i = 0; i < watched; i++) {
    if (polled[i].fd < 0) continue;
    polled[kept] = polled[i];
    handlers[kept] = handlers[i];
    kept++;
  }
  watched = kept;
}

void loop_run(void) {
  running = true;
  while (running) {
    if (before_wait != NULL) before_wait();
    if (!running) return;
    forget_closed();
    int ready = poll(polled, (nfds_t)watched, until_next());
    if (ready < 0 && errno != EINTR) exit(EXIT_OURS);
    size_t count = watched;
    for (size_t i = 0; ready > 0 && i < count && running; i++) {
      if (polled[i].fd >= 0 && polled[i].revents != 0) handlers[i].fn(handlers[i].self, polled[i].revents);
    }
    if (running) fire();
  }
}

void loop_stop(void) { running = false; }
