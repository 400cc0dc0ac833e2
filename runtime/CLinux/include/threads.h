// A thread to do one thing on, whose handle has another type in every C library.
#pragma once

#include <pthread.h>
#include <stddef.h>

// Runs `body` on a thread of its own, and waits for it. An error's number, or 0.
static inline int proa_run_on_thread(void *(*body)(void *), void *argument) {
  pthread_t thread;
  int error = pthread_create(&thread, NULL, body, argument);
  return error == 0 ? pthread_join(thread, NULL) : error;
}
