// requests SOCKET TARGET CONNECTIONS COUNT: sends COUNT times GET TARGET over connections that are kept, the next request
// on each as soon as the last one is answered, and prints the wall time in microseconds.
//
// All answers are as long as the first one, which ends when nothing more comes: parsing them would cost more than asking.
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MUST(call) ({ long result = (call); if (result < 0) err(1, "%s", #call); result; })

static char request[4096], buffer[1 << 20];
static size_t request_length;

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static int connected(const char *path, long milliseconds) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  int connection = MUST(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  MUST(connect(connection, (struct sockaddr *)&address, sizeof address));
  struct timeval patience = {milliseconds / 1000, milliseconds % 1000 * 1000};
  MUST(setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
  return connection;
}

static void ask(int connection) { MUST(send(connection, request, request_length, MSG_NOSIGNAL)); }

static long answer_length(const char *path) {
  int connection = connected(path, 1000);
  long length = 0, count;
  ask(connection);
  while ((count = recv(connection, buffer, sizeof buffer, 0)) > 0) {
    if (!length && strncmp(buffer, "HTTP/1.1 200", 12)) errx(1, "%.*s", (int)count, buffer);
    length += count;
  }
  close(connection);
  return length ? length : (errx(1, "no answer"), 0);
}

int main(int count, char **arguments) {
  if (count != 5) errx(125, "usage: requests SOCKET TARGET CONNECTIONS COUNT");
  request_length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: docker\r\n\r\n", arguments[2]);
  const int connections = atoi(arguments[3]), total = atoi(arguments[4]), poll = MUST(epoll_create1(EPOLL_CLOEXEC));
  const long length = answer_length(arguments[1]);
  int descriptors[connections], sent = 0, answered = 0;
  long missing[connections];
  for (int i = 0; i < connections; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
    descriptors[i] = connected(arguments[1], 10000);
    missing[i] = length;
    MUST(epoll_ctl(poll, EPOLL_CTL_ADD, descriptors[i], &event));
  }
  const long start = now();
  for (; sent < connections && sent < total; sent++) ask(descriptors[sent]);
  while (answered < total) {
    struct epoll_event events[64];
    const int ready = MUST(epoll_wait(poll, events, 64, 10000));
    if (!ready) errx(1, "no answer");
    for (int i = 0; i < ready; i++) {
      const int index = events[i].data.u32;
      const long count = MUST(recv(descriptors[index], buffer, sizeof buffer, 0));
      if (!count || count > missing[index]) errx(1, "an answer of another length");
      if (missing[index] -= count) continue;
      missing[index] = length;
      answered++;
      if (sent < total) sent++, ask(descriptors[index]);
    }
  }
  printf("%ld\n", now() - start);
}
