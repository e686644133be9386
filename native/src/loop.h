#ifndef SEALBAR_LOOP_H
#define SEALBAR_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/* One thread, one poll. Nothing that is called from here may wait for anything. */

typedef void ready_fn(void *self, short events);
typedef void timer_fn(void *self);

struct timer {
  int64_t at;
  timer_fn *fn;
  void *self;
  bool set;
  struct timer *next;
};

void loop_watch(int fd, short events, ready_fn *fn, void *self);
void loop_events(int fd, short events);
/* Before the descriptor is closed. */
void loop_forget(int fd);

/* The timer must stay where it is until it has fired or was stopped. */
void timer_in(struct timer *timer, int64_t ms, timer_fn *fn, void *self);
void timer_stop(struct timer *timer);

/* Called before every wait; it may only do what is due now. */
void loop_before_wait(void (*fn)(void));

void loop_run(void);
/* Makes `loop_run` return. */
void loop_stop(void);

#endif
