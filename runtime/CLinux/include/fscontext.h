// The new mount API's file system contexts (fsopen(2), fsconfig(2), fsmount(2)): glibc 2.36 wraps them, older ones do not.
#pragma once

#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int proa_fsopen(const char *type) { return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC); }

static inline int proa_fsconfig_string(int context, const char *key, const char *value) {
  return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, key, value, 0);
}

static inline int proa_fsconfig_flag(int context, const char *key) {
  return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_FLAG, key, NULL, 0);
}

static inline int proa_fsconfig_create(int context) {
  return (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

static inline int proa_fspick(int mount) {
  return (int)syscall(SYS_fspick, mount, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
}

static inline int proa_fsconfig_reconfigure(int context) {
  return (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
}

static inline int proa_fsmount(int context) { return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0); }
