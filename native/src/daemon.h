#ifndef SEALBAR_DAEMON_H
#define SEALBAR_DAEMON_H

#include <stdbool.h>

/* Opens the spool and the socket. On failure `*why` says what is wrong. */
bool daemon_open(const char **why);

/* No further connections. */
void daemon_close(void);

#endif
