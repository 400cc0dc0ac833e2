// Unix sockets: credentials, and descriptors in control messages, whose layout is made of macros.
#pragma once

#include "glibc.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

// Some C libraries have an enumeration, some have macros.
static const int PROA_SOCK_STREAM = SOCK_STREAM;
static const int PROA_SOCK_DGRAM = SOCK_DGRAM;
static const int PROA_SOCK_SEQPACKET = SOCK_SEQPACKET;
static const int PROA_SOCK_CLOEXEC = SOCK_CLOEXEC;
static const int PROA_SOCK_NONBLOCK = SOCK_NONBLOCK;

static inline int proa_accept4(int listener, int flags) { return accept4(listener, NULL, NULL, flags); }

// 0 if `path` does not fit, otherwise the length of the address.
static inline socklen_t proa_unix_address(struct sockaddr_un *address, const char *path) {
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof address->sun_path) return 0;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path, length + 1);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
}

static inline int proa_peer_credentials(int socket, struct ucred *credentials) {
  socklen_t length = sizeof *credentials;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, credentials, &length);
}
