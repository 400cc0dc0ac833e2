// meter [--parallel] COMMAND... [--then COMMAND... | --settle COMMAND...]...: runs the commands one after the other
// (--settle: when nothing of those before runs any more) or all at once, and prints what they and everything that they
// left to run have taken: wall and CPU time in microseconds, and the peak memory of the largest process in KiB.
//
// It is small because a process inherits its parent's peak: under an interpreter every figure would be the interpreter's.
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static pid_t spawn(char **command) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t pid;
  if ((errno = posix_spawn(&pid, command[0], &actions, 0, command, environ))) err(1, "%s", command[0]);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

// Waits for a process, or with -1 for every one there is: what they took is counted only then.
static void reap(pid_t pid) {
  int status;
  pid_t ended;
  while ((ended = waitpid(pid, &status, 0)) > 0) {
    if (status) errx(1, "process %d ended with status %#x", ended, status);
    if (ended == pid) return;
  }
  if (errno != ECHILD) err(1, "waitpid");
}

int main(int count, char **arguments) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  int parallel = count > 1 && !strcmp(arguments[1], "--parallel");
  const long start = now();
  for (char **command = arguments + 1 + parallel; command < arguments + count;) {
    char **end = command;
    while (*end && strcmp(*end, "--then") && strcmp(*end, "--settle")) end++;
    const int settle = *end && !strcmp(*end, "--settle");
    *end = 0;
    pid_t pid = spawn(command);
    if (!parallel) reap(pid);
    if (settle) reap(-1);
    command = end + 1;
  }
  reap(-1);
  const long wall = now() - start;
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  const struct timeval user = usage.ru_utime, system = usage.ru_stime;
  printf("%ld %ld %ld\n", wall, (user.tv_sec + system.tv_sec) * 1000000 + user.tv_usec + system.tv_usec, usage.ru_maxrss);
}
