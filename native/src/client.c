#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"
#include "client_state.h"
#include "clock.h"
#include "hub.h"
#include "inspect.h"
#include "prober.h"
#include "program.h"
#include "unilog.h"

enum {
  /* Of one user, not yet greeted: nobody may take all the places by just knocking. */
  MOST_STRANGERS = 4,
  CHUNK = 64 * 1024,
  /* Written to one client in one turn. */
  TURN_BYTES = 1024 * 1024,
  HELLO_LIMIT_MS = MS(10000),
  MARK_EVERY_MS = MS(1000),
  BYE_MS = 500,
};
/* Of frames that may be shed. */
#define QUEUE_BYTES ((size_t)8 * 1024 * 1024)
/* Of frames that may not: while more wait, no request is read. */
#define ANSWERS_BYTES ((size_t)1024 * 1024)
/* And with that much there is no sense in going on. More than one longest frame and what may stand before it. */
#define HOPELESS_BYTES ((size_t)24 * 1024 * 1024)
/* The spool is read while less than this waits. */
#define CATCH_UP_BYTES ((size_t)512 * 1024)

static struct client clients[MAX_CLIENTS];
static struct client_rules rules;

void clients_init(const struct client_rules *given) { rules = *given; }

static void gone(struct client *client, bool by_wish) {
  loop_forget(client->in);
  if (client->out != client->in) loop_forget(client->out);
  close(client->in);
  if (client->out != client->in) close(client->out);
  timer_stop(&client->hello_limit);
  timer_stop(&client->prove_limit);
  job_stop(&client->prove);
  inspect_forget(client);
  prober_forget(client);
  unilog_forget(client);
  queue_free(&client->queue);
  framer_free(&client->requests);
  spool_reader_free(&client->reader);
  memset(client, 0, sizeof *client);
  rules.on_gone(by_wish);
}

void client_answer(struct client *client, struct text *text) {
  struct frame *frame = frame_of(text, FRAME_CONTROL, SOURCE_PROBE, 0);
  queue_push(&client->queue, frame);
  frame_let_go(frame);
}

void client_end(struct client *client) {
  client->ending = true;
  /* The helper ends with its only client, which is still there to be told. */
  if (!rules.full_tier) rules.on_gone(true);
}

bool client_full_tier(void) { return rules.full_tier; }

static void on_request(void *self, const struct line *line) {
  struct client *client = self;
  if (client->state <= CLIENT_CHECKED || client->ending) return;
  answer_request(client, line);
}

static void on_readable(void *self, short events) {
  static char chunk[CHUNK];
  struct client *client = self;
  /* What cannot be watched (some systems say so of a terminal) would make us wait in the read: it counts as ended. */
  ssize_t got = (events & POLLNVAL) != 0 ? 0 : read(client->in, chunk, sizeof chunk);
  if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return;
  if (got <= 0) {
    /* A request that was not ended is none: it may be half of one. */
    if (rules.full_tier) {
      gone(client, true);
    } else {
      loop_forget(client->in);
      client_end(client);
    }
    return;
  }
  framer_push(&client->requests, chunk, (size_t)got);
}

static void on_writable(void *self, short events) {
  struct client *client = self;
  /* The reader of a pipe went away. Writing happens before each wait anyway. */
  if ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0) gone(client, false);
}

static void on_connection(void *self, short events) {
  struct client *client = self;
  if ((events & POLLERR) != 0 || ((events & POLLHUP) != 0 && client->state == CLIENT_CHECKED)) {
    gone(client, false);
    return;
  }
  if ((events & (POLLIN | POLLHUP)) != 0) on_readable(client, events);
}

static struct client *free_place(void) {
  for (size_t i = 0; i < MAX_CLIENTS; i++) {
    if (clients[i].state == CLIENT_NONE) return &clients[i];
  }
  return NULL;
}

/* Terminals and files stay as they are: they are shared with others, and do not stall us. */
static void never_wait(int fd) {
  struct stat info;
  if (fstat(fd, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode))) fcntl(fd, F_SETFL, O_NONBLOCK);
}

static struct client *new_client(int in, int out) {
  struct client *client = free_place();
  if (client == NULL) return NULL;
  memset(client, 0, sizeof *client);
  client->in = in;
  client->out = out;
  client->queue.limit = QUEUE_BYTES;
  framer_init(&client->requests, MAX_REQUEST_BYTES, on_request, client);
  never_wait(in);
  never_wait(out);
  return client;
}

bool client_open_stream(int in, int out) {
  struct client *client = new_client(in, out);
  if (client == NULL) return false;
  client->state = CLIENT_LIVE;
  client->trusted = true;
  client->peer = (struct peer){geteuid(), getegid(), getppid()};
  queue_push(&client->queue, hub_hello());
  loop_watch(in, POLLIN, on_readable, client);
  loop_watch(out, 0, on_writable, client);
  return true;
}

static void on_no_hello(void *self) { gone(self, false); }

static void on_checked(void *self, bool is_admin) {
  struct client *client = self;
  uid_t console;
  bool allowed = client->peer.uid == 0 || is_admin || (platform_console_user(&console) && console == client->peer.uid);
  if (!allowed || platform_peer_code(client->in, &client->peer) == VERDICT_NO) {
    answer_refuse(client, NULL, "peer");
    client->state = CLIENT_NEW;
    client->ending = true;
    return;
  }
  client->trusted = client->peer.uid == 0 || is_admin;
  client->state = CLIENT_NEW;
  timer_in(&client->hello_limit, HELLO_LIMIT_MS, on_no_hello, client);
  loop_events(client->in, POLLIN);
}

static unsigned strangers(uid_t uid) {
  unsigned count = 0;
  for (size_t i = 0; i < MAX_CLIENTS; i++) {
    count += clients[i].peer.uid == uid && (clients[i].state == CLIENT_CHECKED || clients[i].state == CLIENT_NEW);
  }
  return count;
}

bool client_open_connection(int fd, const struct peer *peer) {
  struct client *client = strangers(peer->uid) < MOST_STRANGERS ? new_client(fd, fd) : NULL;
  if (client == NULL) return false;
  client->peer = *peer;
  client->state = CLIENT_CHECKED;
  loop_watch(fd, 0, on_connection, client);
  if (peer->uid == 0) {
    on_checked(client, true);
  } else if (!inspect_admin(peer->uid, on_checked, client)) {
    gone(client, false);
    return false;
  }
  return true;
}

void client_welcome(struct client *client) {
  timer_stop(&client->hello_limit);
  if (client->state == CLIENT_NEW) client->state = CLIENT_CATCHING_UP;
}

void clients_say(struct frame *frame) {
  for (size_t i = 0; i < MAX_CLIENTS; i++) {
    struct client *client = &clients[i];
    if (client->state != CLIENT_LIVE || client->ending) continue;
    queue_push(&client->queue, frame);
    client->unmarked++;
  }
  /* Whoever catches up finds it in the spool. */
  if (rules.full_tier) spool_append(frame);
}

/* Everything has been read from the spool: from now on frames come as they are said. */
static void go_live(struct client *client) {
  client->state = CLIENT_LIVE;
  if (!spool_said_hello(&client->reader, hub_hello())) queue_push(&client->queue, hub_hello());
  for (int source = 0; source < SOURCE_COUNT; source++) {
    struct frame *status = hub_last_status((enum source)source);
    if (status != NULL) queue_push(&client->queue, status);
  }
}

static void catch_up(struct client *client) {
  struct text lines = {NULL, 0, 0};
  if (queue_bytes(&client->queue) > CATCH_UP_BYTES) return;
  if (spool_read(&client->reader, &lines) == SPOOL_END) {
    text_free(&lines);
    go_live(client);
    return;
  }
  client->unmarked++;
  client_answer(client, &lines);
}

static void mark(struct client *client) {
  struct text text = {NULL, 0, 0};
  int64_t now = awake_ms();
  if (!rules.full_tier || client->unmarked == 0 || now - client->marked_at < MARK_EVERY_MS) return;
  client->unmarked = 0;
  client->marked_at = now;
  client->marked = client->state == CLIENT_LIVE ? spool_position() : client->reader.position;
  if (client->marked == UINT64_MAX) return;
  frame_begin(&text, "mark");
  frame_number(&text, "mark", (int64_t)client->marked);
  frame_end(&text);
  client_answer(client, &text);
}

/* False when the client is gone. */
static bool write_some(struct client *client) {
  size_t length;
  size_t written = 0;
  for (const char *bytes = queue_next(&client->queue, &length); bytes != NULL; bytes = queue_next(&client->queue, &length)) {
    ssize_t put = write(client->out, bytes, length);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (put <= 0) {
      gone(client, false);
      return false;
    }
    queue_wrote(&client->queue, (size_t)put);
    written += (size_t)put;
    if (written > TURN_BYTES) break;
  }
  return true;
}

static void flush(struct client *client) {
  if (client->state == CLIENT_CATCHING_UP) catch_up(client);
  mark(client);
  if (!write_some(client)) return;
  if (client->queue.control_bytes > HOPELESS_BYTES) {
    gone(client, false);
    return;
  }
  bool empty = queue_is_empty(&client->queue);
  if (client->ending && empty) {
    gone(client, true);
    return;
  }
  bool listens = client->state != CLIENT_CHECKED && !client->ending && client->queue.control_bytes < ANSWERS_BYTES;
  bool wants = !empty || client->state == CLIENT_CATCHING_UP;
  short in = listens ? POLLIN : 0;
  short out = wants ? POLLOUT : 0;
  if (client->in == client->out) {
    loop_events(client->in, (short)(in | out));
  } else {
    loop_events(client->in, in);
    loop_events(client->out, out);
  }
}

/* Whoever acknowledges in time spares the disk: only what nobody will ask for later may stay in memory. */
static void keep_spool(void) {
  bool someone_keeps = false;
  for (size_t i = 0; i < MAX_CLIENTS; i++) someone_keeps = someone_keeps || (clients[i].state == CLIENT_LIVE && clients[i].keeps);
  if (someone_keeps) {
    spool_flush_if_old();
  } else {
    spool_flush();
  }
}

static struct timer tick;

static void on_tick(void *self) { (void)self; }

void clients_flush(void) {
  bool unmarked = false;
  for (size_t i = 0; i < MAX_CLIENTS; i++) {
    if (clients[i].state == CLIENT_NONE) continue;
    flush(&clients[i]);
    unmarked = unmarked || clients[i].unmarked > 0;
  }
  if (!rules.full_tier) return;
  keep_spool();
  /* What waits for its time, the mark and the disk, must not wait for the next event. */
  if (unmarked && !tick.set) timer_in(&tick, MARK_EVERY_MS, on_tick, NULL);
}

void clients_bye(void) {
  int64_t until = awake_ms() + BYE_MS;
  for (size_t i = 0; i < MAX_CLIENTS; i++) {
    struct client *client = &clients[i];
    struct text text = {NULL, 0, 0};
    if (client->state == CLIENT_NONE) continue;
    frame_begin(&text, "bye");
    frame_at(&text);
    frame_end(&text);
    client_answer(client, &text);
    while (client->state != CLIENT_NONE && !queue_is_empty(&client->queue) && awake_ms() < until) {
      struct pollfd out = {.fd = client->out, .events = POLLOUT};
      if (poll(&out, 1, (int)(until - awake_ms())) > 0 && !write_some(client)) break;
    }
  }
}
