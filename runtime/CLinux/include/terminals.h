// Terminals: variadic ioctl, and pseudoterminal calls that hide behind _GNU_SOURCE.
#pragma once

#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>

static inline int proa_set_window_size(int terminal, const struct winsize *size) {
  return ioctl(terminal, TIOCSWINSZ, size);
}

static inline int proa_get_window_size(int terminal, struct winsize *size) { return ioctl(terminal, TIOCGWINSZ, size); }
