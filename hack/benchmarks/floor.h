// What the parts of the kernel floor share: control groups in every hierarchy, and giving up privileges.
#pragma once
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MUST(call) ({ long value = (long)(call); if (value < 0) err(125, "%s", #call); value; })

static const char *const hierarchies[] = {"cpu", "cpuacct", "cpuset", "memory", "pids", "blkio", "devices", "freezer", "systemd",
                                          "net_cls", "net_prio", "hugetlb", "perf_event", "rdma", "misc", 0};

static int version2(void) {
  static int known = -1;
  if (known < 0) known = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0;
  return known;
}

// The folder of the container in a hierarchy, which may be one that this machine does not have.
static const char *cgroup(const char *hierarchy, const char *id) {
  static char path[256];
  snprintf(path, sizeof path, version2() ? "/sys/fs/cgroup/%.0s%s" : "/sys/fs/cgroup/%s/%s", hierarchy, id);
  return path;
}

static void drop_privileges(void) {
  MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  const unsigned kept = 1u << CAP_AUDIT_WRITE | 1u << CAP_KILL | 1u << CAP_NET_BIND_SERVICE;
  for (unsigned capability = 0; capability <= CAP_LAST_CAP; capability++)
    if (capability > 31 || !(kept >> capability & 1)) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  struct rlimit files = {1024, 1024};
  MUST(setrlimit(RLIMIT_NOFILE, &files));
  MUST(setgroups(0, 0));
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[2] = {{kept, kept, 0}, {0, 0, 0}};
  MUST(syscall(SYS_capset, &header, sets));
}

static int exit_code(pid_t pid) {
  int status;
  MUST(waitpid(pid, &status, 0));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
