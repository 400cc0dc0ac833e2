// The same view of the C library as CLinux has: clang compares what two modules include.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <seccomp.h>
