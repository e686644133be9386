#ifndef SEALBAR_HOST_H
#define SEALBAR_HOST_H

#include "text.h"

/* Writes the hello's `host` object: what this system tells about itself; what it does not tell is left out. */
void host_json(struct text *out);

/* A random (version 4) UUID in lower case. Returns 0, or -1 when the system gives no random bytes. */
int random_uuid(char text[37]);

#endif
