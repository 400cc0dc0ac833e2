// epoll and signalfd: Swift's Glibc overlay has neither.
#pragma once

#include <sys/eventfd.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

static inline int proa_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int proa_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

// The event structure is packed on some architectures, which Swift cannot express: token and events come out one by one.
static inline int proa_epoll_wait(int epoll, uint64_t *tokens, uint32_t *events, int capacity, int milliseconds) {
  struct epoll_event buffer[32];
  int count = epoll_wait(epoll, buffer, capacity < 32 ? capacity : 32, milliseconds);
  for (int index = 0; index < count; index++) {
    tokens[index] = buffer[index].data.u64;
    events[index] = buffer[index].events;
  }
  return count;
}

// The number of the next signal, or -1.
static inline int proa_read_signal(int descriptor) {
  struct signalfd_siginfo information;
  ssize_t count = read(descriptor, &information, sizeof information);
  return count == sizeof information ? (int)information.ssi_signo : -1;
}

static inline int proa_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
