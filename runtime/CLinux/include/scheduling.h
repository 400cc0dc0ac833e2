// How the kernel schedules a process: calls without wrappers in the C library.
#pragma once

#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int proa_sched_setattr(uint32_t policy, uint64_t flags, int32_t nice, uint32_t priority, uint64_t runtime,
                                     uint64_t deadline, uint64_t period) {
  // struct sched_attr of Linux 3.14; what came later is 0.
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {48, policy, flags, nice, priority, runtime, deadline, period};
  return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

static inline int proa_ioprio_set(int priority) { return (int)syscall(SYS_ioprio_set, 1, 0, priority); }

static inline int proa_personality(unsigned long personality) { return (int)syscall(SYS_personality, personality); }

// Bits of `mask` are processors.
static inline int proa_sched_setaffinity(pid_t process, const void *mask, unsigned size) {
  return (int)syscall(SYS_sched_setaffinity, process, size, mask);
}

// Bits of `nodes` are memory nodes; `maximum` is one more than how many bits there are, as the kernel counts.
static inline int proa_set_memory_policy(int mode, const void *nodes, unsigned long maximum) {
  return (int)syscall(SYS_set_mempolicy, mode, nodes, maximum);
}
