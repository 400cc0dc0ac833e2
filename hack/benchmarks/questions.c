// questions NAME AT-ONCE COUNT: asks the name server at 127.0.0.11 COUNT times for the IPv4 address of NAME, AT-ONCE questions
// under way at any time, and prints the wall time in microseconds and the median of the answers' delays in nanoseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MUST(call) ({ long result = (call); if (result < 0) err(1, "%s", #call); result; })

enum { QUESTION_ROOM = 300, LIMIT = 1 << 16 };

static unsigned char question[QUESTION_ROOM];
static size_t question_length;
static long sent_at[LIMIT];

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000L + time.tv_nsec;
}

// RFC 1035 §4.1: recursion desired, one question of type A and class IN
static void write_question(const char *name) {
  static const unsigned char head[12] = {0, 0, 1, 0, 0, 1};
  memcpy(question, head, sizeof head);
  unsigned char *end = question + sizeof head;
  if (strlen(name) > 250) errx(1, "%s: too long", name);
  for (const char *label = name; *label;) {
    size_t length = strcspn(label, ".");
    *end++ = length;
    memcpy(end, label, length);
    end += length;
    label += length + (label[length] == '.');
  }
  memcpy(end, "\0\0\1\0\1", 5);
  question_length = end + 5 - question;
}

static void ask(int server, unsigned identifier) {
  question[0] = identifier >> 8;
  question[1] = identifier;
  sent_at[identifier] = now();
  MUST(send(server, question, question_length, 0));
}

// the delay of the next answer
static long hear(int server) {
  unsigned char answer[1500];
  struct pollfd readable = {.fd = server, .events = POLLIN};
  if (MUST(poll(&readable, 1, 5000)) == 0) errx(1, "no answer for five seconds");
  long length = MUST(recv(server, answer, sizeof answer, 0));
  if (length < 12 || (answer[3] & 15) != 0 || answer[7] != 1) errx(1, "no answer with one address");
  return now() - sent_at[answer[0] << 8 | answer[1]];
}

static int ascending(const void *left, const void *right) {
  long difference = *(const long *)left - *(const long *)right;
  return difference < 0 ? -1 : difference > 0;
}

int main(int argc, char **argv) {
  if (argc != 4) errx(2, "questions NAME AT-ONCE COUNT");
  write_question(argv[1]);
  long at_once = atol(argv[2]), count = atol(argv[3]);
  long *delays = calloc(count, sizeof *delays);
  if (!delays || at_once < 1 || at_once > LIMIT / 2 || count < at_once) errx(2, "bad numbers");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53)};
  inet_pton(AF_INET, "127.0.0.11", &address.sin_addr);
  int server = MUST(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  MUST(connect(server, (struct sockaddr *)&address, sizeof address));
  long start = now(), asked = 0;
  for (; asked < at_once; asked++) ask(server, asked % LIMIT);
  for (long answered = 0; answered < count; answered++) {
    delays[answered] = hear(server);
    if (asked < count) ask(server, asked++ % LIMIT);
  }
  long wall = now() - start;
  qsort(delays, count, sizeof *delays, ascending);
  printf("%ld %ld\n", wall / 1000, delays[count / 2]);
}
