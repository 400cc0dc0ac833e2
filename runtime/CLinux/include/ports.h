// A socket filter is a program behind a pointer in a structure; built here, where it is on the stack.
#pragma once

#include "glibc.h"

#include <linux/filter.h>
#include <sys/socket.h>

// Lets nothing through: neither connections nor datagrams.
static inline int proa_deafen(int socket) {
  struct sock_filter reject = BPF_STMT(BPF_RET | BPF_K, 0);
  struct sock_fprog program = {.len = 1, .filter = &reject};
  return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
