#ifndef SEALBAR_PROGRAM_H
#define SEALBAR_PROGRAM_H

#include <stddef.h>

/*
 * Every path and every time limit of the helper is fixed when it is compiled. Tests compile their own: all paths moved
 * under a folder, times divided. Nothing can move them at run time.
 */
#ifndef SEALBAR_PREFIX
#define SEALBAR_PREFIX ""
#endif

#ifndef SEALBAR_LIMIT_DIVISOR
#define SEALBAR_LIMIT_DIVISOR 1
#endif

#define AT(path) SEALBAR_PREFIX path
#define COMMAND(...) ((const char *const[]){__VA_ARGS__, NULL})
#define MS(limit) ((limit) / SEALBAR_LIMIT_DIVISOR)

#endif
