// The same view of the C library's types as CLinux has: two views of one type do not import into one Swift file.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <zlib.h>
