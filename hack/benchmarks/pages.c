// pages PORT: answers every HTTP request with a short page and closes the connection; prints a line when it listens.
#define _GNU_SOURCE
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MUST(call) ({ long result = (call); if (result < 0) err(1, "%s", #call); result; })

static const char page[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\npage\n";

int main(int argc, char **argv) {
  if (argc != 2) errx(2, "pages PORT");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  int server = MUST(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), one = 1;
  MUST(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
  MUST(bind(server, (struct sockaddr *)&address, sizeof address));
  MUST(listen(server, 4096));
  int events = MUST(epoll_create1(EPOLL_CLOEXEC));
  struct epoll_event event = {.events = EPOLLIN, .data.fd = server};
  MUST(epoll_ctl(events, EPOLL_CTL_ADD, server, &event));
  puts("ready");
  fflush(stdout);
  for (char request[4096];;) {
    MUST(epoll_wait(events, &event, 1, -1));
    if (event.data.fd == server) {
      int client = accept4(server, NULL, NULL, SOCK_CLOEXEC);
      if (client < 0) continue;
      event.data.fd = client;
      MUST(epoll_ctl(events, EPOLL_CTL_ADD, client, &event));
    } else {
      // A request of wrk's is one segment; who has gone needs no page.
      if (recv(event.data.fd, request, sizeof request, 0) > 0) send(event.data.fd, page, sizeof page - 1, MSG_NOSIGNAL);
      close(event.data.fd);
    }
  }
}
