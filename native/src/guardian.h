#ifndef SEALBAR_GUARDIAN_H
#define SEALBAR_GUARDIAN_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A small process of ours that outlives us by a moment: it knows the process groups we have started, and when we are
 * gone in whatever way (SIGKILL included, which nobody can catch) it kills them. It learns that from the end of a pipe
 * that only we hold. It has a session of its own, so that what ends our group does not end it.
 */
void guardian_start(void);

/* In the child, before exec: from here on it cannot be left behind. Safe after fork. */
void guardian_keep(pid_t group);

/* Before the group's number can be taken by another: while its leader is still a zombie. */
void guardian_forget(pid_t group);

/* Whether this was the guardian's end; then a new one has been started, which knows the same groups. */
bool guardian_ended(void);

/* The pipe's end, which no exec'ed program may inherit; -1 when there is no guardian. */
int guardian_pipe(void);

#endif
