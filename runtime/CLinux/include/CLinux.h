// Declarations that Swift's Glibc overlay hides or cannot import: variadic functions and constants behind macros.
#pragma once

#include "glibc.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "containers.h"
#include "events.h"
#include "files.h"
#include "fscontext.h"
#include "memory.h"
#include "netlink.h"
#include "openat2.h"
#include "ports.h"
#include "processes.h"
#include "quotas.h"
#include "scheduling.h"
#include "sockets.h"
#include "subvolumes.h"
#include "threads.h"

static inline long proa_syscall(long number, long a, long b, long c, long d, long e, long f) {
  return syscall(number, a, b, c, d, e, f);
}

static inline int proa_openat(int directory, const char *path, int flags, mode_t mode) {
  return openat(directory, path, flags, mode);
}

static inline int proa_fcntl(int descriptor, int command, long argument) {
  return fcntl(descriptor, command, argument);
}

#include "CLinuxConfinement.h"
