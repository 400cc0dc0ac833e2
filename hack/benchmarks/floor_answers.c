// floor_answers SOCKET FILE: the least that a server must ask of the kernel. Answers whatever is sent over its connections
// with the bytes of FILE, without reading it. Prints a line when it can be asked.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MUST(call) ({ long result = (call); if (result < 0) err(1, "%s", #call); result; })

static void watch(int poll, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  MUST(epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event));
}

static int listening(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  int listener = MUST(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  MUST(bind(listener, (struct sockaddr *)&address, sizeof address));
  MUST(listen(listener, 64));
  return listener;
}

static void answer(int connection, const char *bytes, long length) {
  char request[4096];
  if (recv(connection, request, sizeof request, 0) <= 0) {
    close(connection);
    return;
  }
  for (long sent = 0; sent < length;) {
    const long count = send(connection, bytes + sent, length - sent, MSG_NOSIGNAL);
    if (count < 0) break;  // the client has gone, and is found closed
    sent += count;
  }
}

int main(int count, char **arguments) {
  if (count != 3) errx(125, "usage: floor_answers SOCKET FILE");
  struct stat status;
  const int file = MUST(open(arguments[2], O_RDONLY | O_CLOEXEC));
  MUST(fstat(file, &status));
  const char *bytes = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (bytes == MAP_FAILED) err(1, "mmap");
  const int poll = MUST(epoll_create1(EPOLL_CLOEXEC)), listener = listening(arguments[1]);
  watch(poll, listener);
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[64];
    const int ready = MUST(epoll_wait(poll, events, 64, -1));
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == listener) watch(poll, MUST(accept4(listener, NULL, NULL, SOCK_CLOEXEC)));
      else answer(events[i].data.fd, bytes, status.st_size);
    }
  }
}
