#ifndef SEALBAR_ES_H
#define SEALBAR_ES_H

#include "feed.h"

/* Endpoint Security events, by eslogger. */
struct feed *es_feed(void);

#endif
