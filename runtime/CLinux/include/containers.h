// What starts and confines processes: clone3, namespaces, the mount API, pidfds, terminals, prctl.
#pragma once

#include <errno.h>
#include <grp.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

// 0 in the child, its pid in the parent. Only for a process with one thread: nothing of libc's fork handlers runs.
static inline long proa_clone3(uint64_t flags, int *pidfd, int cgroup) {
  struct clone_args arguments;
  memset(&arguments, 0, sizeof arguments);
  arguments.flags = flags;
  arguments.pidfd = (uint64_t)(uintptr_t)pidfd;
  // With CLONE_PARENT the signal is the one of the caller.
  arguments.exit_signal = (flags & CLONE_PARENT) ? 0 : SIGCHLD;
  arguments.cgroup = (uint64_t)cgroup;
  return syscall(SYS_clone3, &arguments, sizeof arguments);
}
// The same with the older call, which has no flags above the 32nd bit.
static inline long proa_clone(uint64_t flags, int *pidfd) {
  return syscall(SYS_clone, (unsigned long)(flags | ((flags & CLONE_PARENT) ? 0 : SIGCHLD)), 0UL, pidfd, 0UL, 0UL);
}

// A copy of this process that has its descriptors in common with it.
static inline long proa_clone_sharing_descriptors(void) {
  return syscall(SYS_clone, (unsigned long)(CLONE_FILES | SIGCHLD), 0UL, NULL, NULL, 0UL);
}

static inline int proa_setns(int descriptor, int kinds) { return setns(descriptor, kinds); }
static inline int proa_unshare(int kinds) { return unshare(kinds); }

static inline long proa_mount(const char *source, const char *target, const char *type, unsigned long flags,
                              const char *data) {
  return syscall(SYS_mount, source, target, type, flags, data);
}
static inline long proa_umount2(const char *target, int flags) { return syscall(SYS_umount2, target, flags); }
static inline long proa_pivot_root(const char *new_root, const char *put_old) {
  return syscall(SYS_pivot_root, new_root, put_old);
}
static inline long proa_open_tree(int directory, const char *path, unsigned flags) {
  return syscall(SYS_open_tree, directory, path, flags);
}
static inline long proa_move_mount(int from, int to) {
  return syscall(SYS_move_mount, from, "", to, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}
// Follows no symbolic link.
static inline long proa_move_mount_at(int from, int folder, const char *name) {
  return syscall(SYS_move_mount, from, "", folder, name, MOVE_MOUNT_F_EMPTY_PATH);
}
static inline long proa_mount_setattr(int mount, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation) {
  struct mount_attr attributes = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
  return syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH | flags, &attributes, sizeof attributes);
}
static inline long proa_mount_map_ids(int mount, unsigned flags, int user_namespace) {
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)user_namespace};
  return syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH | flags, &attributes, sizeof attributes);
}

static inline long proa_pidfd_open(pid_t pid) { return syscall(SYS_pidfd_open, pid, 0); }
static inline long proa_pidfd_send_signal(int descriptor, int signal) {
  return syscall(SYS_pidfd_send_signal, descriptor, signal, 0, 0);
}
static inline long proa_close_range(unsigned first, unsigned last) { return syscall(SYS_close_range, first, last, 0U); }
static inline long proa_close_range_cloexec(unsigned first) { return syscall(SYS_close_range, first, ~0U, 1U << 2); }
static inline long proa_execveat(int directory, const char *path, char *const arguments[], char *const environment[]) {
  return syscall(SYS_execveat, directory, path, arguments, environment, AT_EMPTY_PATH);
}
static inline long proa_join_session_keyring(const char *name) { return syscall(SYS_keyctl, 1, name, 0, 0, 0); }
static inline long proa_keyring_id(void) { return syscall(SYS_keyctl, 0, -3, 0, 0, 0); }
static inline long proa_keyring_permissions(long keyring, unsigned permissions) {
  return syscall(SYS_keyctl, 5, keyring, permissions, 0, 0);
}

static inline int proa_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d) {
  return prctl(option, a, b, c, d);
}
static inline int proa_prlimit(pid_t pid, int resource, uint64_t soft, uint64_t hard) {
  uint64_t limit[2] = {soft, hard};
  return (int)syscall(SYS_prlimit64, pid, resource, limit, NULL);
}
static inline int proa_current_limit(int resource, uint64_t *soft, uint64_t *hard) {
  uint64_t limit[2];
  int result = (int)syscall(SYS_prlimit64, 0, resource, NULL, limit);
  if (result == 0) {
    *soft = limit[0];
    *hard = limit[1];
  }
  return result;
}

static inline int proa_ioctl(int descriptor, unsigned long request, unsigned long argument) {
  return ioctl(descriptor, request, argument);
}
static inline int proa_ioctl_pointer(int descriptor, unsigned long request, void *argument) {
  return ioctl(descriptor, request, argument);
}

static inline int proa_unlock_terminal(int master) {
  int lock = 0;
  return ioctl(master, TIOCSPTLCK, &lock);
}
static inline int proa_terminal_peer(int master, int flags) { return ioctl(master, TIOCGPTPEER, flags); }

static inline dev_t proa_device(unsigned major_number, unsigned minor_number) {
  return makedev(major_number, minor_number);
}
static inline unsigned proa_major(dev_t device) { return major(device); }
static inline unsigned proa_minor(dev_t device) { return minor(device); }
static inline int proa_mknodat(int directory, const char *name, mode_t mode, dev_t device) {
  return mknodat(directory, name, mode, device);
}
static inline int64_t proa_file_system_type(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) < 0 ? -1 : (int64_t)status.f_type;
}
static inline int proa_is_read_only(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) < 0 ? -1 : (status.f_flags & 1) != 0;
}

static inline int proa_syscall_getcwd(char *buffer, size_t size) { return syscall(SYS_getcwd, buffer, size); }

static inline int proa_memfd_create(const char *name, unsigned flags) { return syscall(SYS_memfd_create, name, flags); }

// Brings the interface `name` of this network namespace up.
static inline int proa_interface_up(const char *name) {
  int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (control < 0) return -1;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_UP;
  int result = ioctl(control, SIOCSIFFLAGS, &request);
  int code = errno;
  close(control);
  errno = code;
  return result;
}

// One message with descriptors beside it, four at most.
static inline long proa_send_descriptors(int channel, const void *bytes, size_t length, const int *descriptors,
                                         size_t count) {
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
  union {
    char bytes[CMSG_SPACE(4 * sizeof(int))];
    struct cmsghdr align;
  } control;
  memset(&control, 0, sizeof control);
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = CMSG_SPACE(count * sizeof(int))};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
  return sendmsg(channel, &message, MSG_NOSIGNAL);
}

// Receives a message and at most four descriptors; `*count` says how many came. The kernel closes more.
static inline long proa_receive_descriptors(int channel, void *bytes, size_t length, int *descriptors, size_t *count) {
  struct iovec part = {.iov_base = bytes, .iov_len = length};
  union {
    char bytes[CMSG_SPACE(4 * sizeof(int))];
    struct cmsghdr align;
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control};
  *count = 0;
  long result = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
  if (result < 0) return result;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    *count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(descriptors, CMSG_DATA(header), *count * sizeof(int));
  }
  return result;
}

// How long a call that sends may wait.
static inline int proa_set_send_timeout(int channel, long seconds) {
  struct timeval patience = {.tv_sec = seconds};
  return setsockopt(channel, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static inline int proa_connect(int channel, const char *path, size_t length) {
  struct sockaddr_un address;
  if (length >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path, length);
  return connect(channel, (struct sockaddr *)&address, sizeof address);
}

static inline int proa_exited(int status) { return WIFEXITED(status); }
static inline int proa_exit_status(int status) { return WEXITSTATUS(status); }
static inline int proa_term_signal(int status) { return WTERMSIG(status); }
