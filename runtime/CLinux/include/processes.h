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

static inline int proa_close_from(unsigned int first) { return (int)syscall(SYS_close_range, first, ~0U, 0U); }
