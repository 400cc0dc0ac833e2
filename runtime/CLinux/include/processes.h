// Processes: variadic prctl, fork, which Swift marks as unavailable, and constants behind macros.
#pragma once

#include "glibc.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// Only for a process with one thread: the child goes on with a copy of everything.
static inline pid_t proa_fork(void) { return fork(); }

static inline char **proa_environment(void) { return environ; }

// What the kernel gave this program: its name and its arguments, then a null.
char **proa_arguments(void);

// The C library's own calls change every thread, with much ado. Real, effective and saved ids.
static inline int proa_setuid(uid_t user) { return (int)syscall(SYS_setresuid, user, user, user); }
static inline int proa_setgid(gid_t group) { return (int)syscall(SYS_setresgid, group, group, group); }

static inline int proa_setgroups(size_t count, const gid_t *groups) {
  return (int)syscall(SYS_setgroups, count, groups);
}

static inline int proa_close_from(unsigned int first) { return (int)syscall(SYS_close_range, first, ~0U, 0U); }
