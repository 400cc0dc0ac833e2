// floor_exec PID ID: the least that a runtime must ask of the kernel to run one more process in a container, and nothing
// else. PID is the container's first process, ID names its control groups.
#define _GNU_SOURCE
#include <sched.h>
#include "floor.h"

static int cgroups[16], cgroup_count;

static void open_cgroups(const char *id) {
  char path[300];
  for (int i = 0; hierarchies[i] && !(version2() && i); i++) {
    snprintf(path, sizeof path, "%s/cgroup.procs", cgroup(hierarchies[i], id));
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file >= 0) cgroups[cgroup_count++] = file;
  }
}

// Born in the container's process namespace, which setns(2) leaves its caller out of.
static int process(void *unused) {
  for (int i = 0; i < cgroup_count; i++) MUST(write(cgroups[i], "0", 1));
  MUST(setsid());
  drop_privileges();
  execl("/bin/true", "/bin/true", (char *)0);
  err(127, "/bin/true");
}

int main(int count, char **arguments) {
  static char stack[64 << 10];
  if (count != 3) errx(125, "usage: floor_exec PID ID");
  int container = MUST(syscall(SYS_pidfd_open, atoi(arguments[1]), 0));
  open_cgroups(arguments[2]);
  MUST(setns(container, CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP));
  MUST(chdir("/"));
  return exit_code(MUST(clone(process, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, 0)));
}
