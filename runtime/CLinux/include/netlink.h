// Netlink sockets: the address family and its options are not in Swift's Glibc.
#pragma once

#include "glibc.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

static inline int proa_netlink_socket(int protocol) {
  return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
}

static inline int proa_netlink_set(int socket, int option, int value) {
  return setsockopt(socket, SOL_NETLINK, option, &value, sizeof value);
}

static inline long proa_netlink_send(int socket, const void *message, unsigned long length) {
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  return sendto(socket, message, length, 0, (struct sockaddr *)&kernel, sizeof kernel);
}

// Gives the whole length of the datagram, even if it is more than fits; `sender` is 0 for the kernel.
static inline long proa_netlink_receive(int socket, void *buffer, unsigned long size, unsigned int *sender) {
  struct sockaddr_nl address;
  memset(&address, 0, sizeof address);
  socklen_t length = sizeof address;
  long result = recvfrom(socket, buffer, size, MSG_TRUNC, (struct sockaddr *)&address, &length);
  *sender = address.nl_pid;
  return result;
}

// Joins a multicast group; the bind is what makes the socket one that is sent to.
static inline int proa_netlink_join(int socket, int group) {
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  if (bind(socket, (struct sockaddr *)&address, sizeof address) < 0) return -1;
  return setsockopt(socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group);
}
