// floor run BUNDLE ID [FILTER]: the least that a runtime must ask of the kernel to run a container, and nothing else.
// floor create BUNDLE ID, floor start BUNDLE, floor delete BUNDLE ID: the same in three steps.
//
// What `runc spec` writes is compiled in, not read: seven mounts, six namespaces, the device nodes, the masked and
// read-only paths, the capabilities, a cgroup in every hierarchy with its device rules. No protection, no state, no
// error messages, no configuration: it is not a runtime, but what one can be measured against. Its arguments:
// the bundle, whose ../rootfs/bin/true is run, the name of the container's control groups, and a file with a seccomp filter
// (struct sock_filter, as many as there are) to load.
#include "floor.h"
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

// mount(2)'s, which <sys/mount.h> would define beside <linux/mount.h>'s and clash
int mount(const char *, const char *, const char *, unsigned long, const void *);
int umount2(const char *, int);

static const char *const device_rules[] = {"b *:* m", "c *:* m", "c 136:* rwm", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm",
                                           "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", 0};
static const char *const readonly_paths[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", 0};
static const char *const masked_paths[] = {"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                                           "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi", 0};

static void write_file(const char *path, const char *text) {
  int file = MUST(open(path, O_WRONLY | O_CLOEXEC));
  MUST(write(file, text, strlen(text)));
  close(file);
}

static void copy_cpuset(const char *folder, const char *name) {
  char from[300], to[300], text[256];
  snprintf(from, sizeof from, "/sys/fs/cgroup/cpuset/%s", name);
  snprintf(to, sizeof to, "%s/%s", folder, name);
  int file = MUST(open(from, O_RDONLY | O_CLOEXEC));
  long length = MUST(read(file, text, sizeof text - 1));
  text[length] = 0;
  close(file);
  write_file(to, text);
}

static void create_cgroups(const char *id) {
  if (version2()) { MUST(mkdir(cgroup("", id), 0755)); return; }
  for (int i = 0; hierarchies[i]; i++) {
    const char *folder = cgroup(hierarchies[i], id);
    if (mkdir(folder, 0755) < 0) continue;
    if (!strcmp(hierarchies[i], "cpuset")) { copy_cpuset(folder, "cpuset.cpus"); copy_cpuset(folder, "cpuset.mems"); }
    if (strcmp(hierarchies[i], "devices")) continue;
    char file[300];
    snprintf(file, sizeof file, "%s/devices.deny", folder);
    write_file(file, "a");
    snprintf(file, sizeof file, "%s/devices.allow", folder);
    int allow = MUST(open(file, O_WRONLY | O_CLOEXEC));
    for (int rule = 0; device_rules[rule]; rule++) MUST(write(allow, device_rules[rule], strlen(device_rules[rule])));
    close(allow);
  }
}

static void join_cgroups(const char *id, int pid) {
  char text[16], path[300];
  snprintf(text, sizeof text, "%d", pid);
  for (int i = 0; hierarchies[i]; i++) {
    snprintf(path, sizeof path, "%s/cgroup.procs", cgroup(hierarchies[i], id));
    if (access(path, F_OK) == 0) write_file(path, text);
    if (version2()) return;
  }
}

static void remove_cgroups(const char *id) {
  for (int i = 0; hierarchies[i]; i++) {
    rmdir(cgroup(hierarchies[i], id));
    if (version2()) return;
  }
}

static void mount_all(const char *id) {
  MUST(mount("proc", "proc", "proc", 0, 0));
  MUST(mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k"));
  MUST(mkdir("dev/pts", 0755));
  MUST(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"));
  MUST(mkdir("dev/shm", 0755));
  MUST(mount("shm", "dev/shm", "tmpfs", MS_NOSUID | MS_NOEXEC | MS_NODEV, "mode=1777,size=65536k"));
  MUST(mkdir("dev/mqueue", 0755));
  MUST(mount("mqueue", "dev/mqueue", "mqueue", MS_NOSUID | MS_NOEXEC | MS_NODEV, 0));
  MUST(mount("sysfs", "sys", "sysfs", MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RDONLY, 0));
  const unsigned long flags = MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RELATIME;
  if (version2()) {
    MUST(mount("cgroup", "sys/fs/cgroup", "cgroup2", flags | MS_RDONLY, 0));
    return;
  }
  MUST(mount("tmpfs", "sys/fs/cgroup", "tmpfs", flags, "mode=755"));
  struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC};
  for (int i = 0; hierarchies[i]; i++) {
    int tree = syscall(SYS_open_tree, AT_FDCWD, cgroup(hierarchies[i], id), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0) continue;
    char target[64];
    snprintf(target, sizeof target, "sys/fs/cgroup/%s", hierarchies[i]);
    MUST(mkdir(target, 0755));
    MUST(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &read_only, sizeof read_only));
    MUST(syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH));
    close(tree);
  }
  MUST(mount(0, "sys/fs/cgroup", 0, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, 0));
}

static void make_devices(void) {
  const struct { const char *path; unsigned major, minor; } nodes[] = {{"dev/null", 1, 3}, {"dev/zero", 1, 5}, {"dev/full", 1, 7},
    {"dev/random", 1, 8}, {"dev/urandom", 1, 9}, {"dev/tty", 5, 0}};
  for (unsigned i = 0; i < sizeof nodes / sizeof *nodes; i++)
    MUST(mknod(nodes[i].path, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)));
  MUST(symlink("/proc/self/fd", "dev/fd"));
  MUST(symlink("/proc/self/fd/0", "dev/stdin"));
  MUST(symlink("/proc/self/fd/1", "dev/stdout"));
  MUST(symlink("/proc/self/fd/2", "dev/stderr"));
  MUST(symlink("pts/ptmx", "dev/ptmx"));
}

static void protect_paths(void) {
  for (int i = 0; readonly_paths[i]; i++) {
    if (mount(readonly_paths[i], readonly_paths[i], 0, MS_BIND | MS_REC, 0) < 0) continue;
    MUST(mount(0, readonly_paths[i], 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0));
  }
  for (int i = 0; masked_paths[i]; i++)
    if (mount("/dev/null", masked_paths[i], 0, MS_BIND, 0) < 0) mount("tmpfs", masked_paths[i], "tmpfs", MS_RDONLY, 0);
}

static struct sock_fprog read_filter(const char *path) {
  static struct sock_filter instructions[BPF_MAXINSNS];
  int file = MUST(open(path, O_RDONLY | O_CLOEXEC));
  long size = MUST(read(file, instructions, sizeof instructions));
  close(file);
  return (struct sock_fprog){.len = size / sizeof *instructions, .filter = instructions};
}

static void bring_loopback_up(void) {
  int sock = MUST(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  MUST(ioctl(sock, SIOCSIFFLAGS, &request));
  close(sock);
}

// The container's first process: waits for its control groups, becomes a container, tells `ready`, and waits for `start`
// (a pipe's name) if there is one.
static void container(const char *bundle, const char *id, const char *filter, int go, int ready, const char *start) {
  char rootfs[4096], byte;
  const struct sock_fprog program = filter ? read_filter(filter) : (struct sock_fprog){0};
  MUST(read(go, &byte, 1));
  MUST(setsid());
  bring_loopback_up();
  MUST(sethostname("floor", 5));
  int gate = start ? MUST(open(start, O_PATH | O_CLOEXEC)) : -1;
  snprintf(rootfs, sizeof rootfs, "%s/../rootfs", bundle);
  MUST(mount(0, "/", 0, MS_REC | MS_SLAVE, 0));
  MUST(mount(rootfs, rootfs, 0, MS_BIND | MS_REC, 0));
  MUST(chdir(rootfs));
  mount_all(id);
  make_devices();
  MUST(syscall(SYS_pivot_root, ".", "."));
  MUST(umount2(".", 2 /* MNT_DETACH */));
  MUST(chdir("/"));
  protect_paths();
  MUST(mount(0, "/", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0));
  drop_privileges();
  if (filter) MUST(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
  if (start) {
    char path[64];
    MUST(write(ready, "x", 1));
    snprintf(path, sizeof path, "/proc/self/fd/%d", gate);
    MUST(open(path, O_WRONLY | O_CLOEXEC)); // returns when `floor start` opens the other end
  }
  execl("/bin/true", "/bin/true", (char *)0);
  err(127, "/bin/true");
}

// Starts the container's first process; returns when it runs, or with a `start` when it is ready for that.
static pid_t create(const char *bundle, const char *id, const char *filter, const char *start) {
  int go[2], ready[2];
  char byte;
  create_cgroups(id);
  MUST(pipe2(go, O_CLOEXEC));
  MUST(pipe2(ready, O_CLOEXEC));
  if (start) MUST(mkfifo(start, 0600));
  struct clone_args clone = {.flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP,
                             .exit_signal = SIGCHLD};
  pid_t pid = MUST(syscall(SYS_clone3, &clone, sizeof clone));
  if (pid == 0) container(bundle, id, filter, go[0], ready[1], start);
  close(ready[1]);
  join_cgroups(id, pid);
  MUST(write(go[1], "x", 1));
  if (start && MUST(read(ready[0], &byte, 1)) != 1) errx(125, "the container ended while it was created");
  return pid;
}

int main(int count, char **arguments) {
  if (count < 3) errx(125, "usage: floor run|create|start|delete BUNDLE [ID [FILTER]]");
  const char *verb = arguments[1], *bundle = arguments[2], *id = arguments[3];
  char start[4096];
  snprintf(start, sizeof start, "%s/start", bundle);
  if (!strcmp(verb, "create")) return create(bundle, id, 0, start) < 0;
  if (!strcmp(verb, "start")) return MUST(open(start, O_RDONLY | O_CLOEXEC)) < 0;
  int code = strcmp(verb, "run") ? 0 : exit_code(create(bundle, id, arguments[4], 0));
  if (!strcmp(verb, "delete")) MUST(unlink(start));
  remove_cgroups(id);
  return code;
}
